import { Column, getTableName, is, noopDecoder, noopEncoder, Param, Placeholder, SQL, Subquery } from 'drizzle-orm'
import { AppError } from '../src/lib/errors.ts'
import { inlineConstants } from './inline-constants.ts'
import type { Dialect } from './store.ts'

/** A query as the drivers take it: text once, parameters by position, rows decoded from arrays. */
export interface Compiled<R> {
  readonly sql: string
  /** Values for the placeholders in the order of the text. @throws AppError 'bug' when one is missing. */
  encode(values: Record<string, unknown>): unknown[]
  /** Driver rows (arrays in column order) as the query's own row type. */
  decode(rows: readonly unknown[][]): R[]
}

/** What a drizzle query builder offers before it runs. */
export interface PreparableQuery<R> extends PromiseLike<R[] | { rows?: unknown[] }> {
  prepare(name: string): unknown
}

interface Field {
  readonly path: readonly string[]
  readonly field: unknown
}

// drizzle marks these as internal; `compile` fails loudly when a release renames them.
interface Prepared {
  readonly fields: readonly Field[] | undefined
  readonly joinsNotNullableMap?: Record<string, boolean> | undefined
  readonly customResultMapper: ((rows: readonly unknown[][]) => unknown) | undefined
  getQuery(): { sql: string; params: unknown[] }
}

type Encode = (value: unknown) => unknown
type Decode = (value: unknown) => unknown

/**
 * Turns a drizzle query into text and two functions, so that running it again costs no query building.
 * @param name stands in error messages.
 * @throws AppError 'bug' when drizzle's prepared query has another shape than the pinned release's.
 */
export function compile<R>(dialect: Dialect, name: string, query: PreparableQuery<R>): Compiled<R> {
  const prepared = query.prepare(name)
  if (!isPrepared(prepared))
    throw new AppError('bug', `Statement ${name} cannot be compiled: drizzle's prepared query has changed its shape.`)
  const built = prepared.getQuery()
  const slots = built.params.map(slotOf)
  const { sql, bound } = inlineConstants(dialect, built.sql, (place) => slots[place]?.constant)
  return {
    sql,
    encode: encoder(
      name,
      bound.flatMap((place) => slots[place] ?? []),
    ),
    decode: decoder<R>(prepared),
  }
}

function isPrepared(value: unknown): value is Prepared {
  return typeof value === 'object' && value !== null && 'getQuery' in value && 'fields' in value && 'customResultMapper' in value
}

/** A parameter: the placeholder that gives its value and the column that writes it, or a constant. */
interface Slot {
  readonly name: string | null
  readonly encode: Encode | null
  /** `undefined` for a placeholder. */
  readonly constant: unknown
}

function slotOf(param: unknown): Slot {
  if (is(param, Placeholder)) return { name: param.name, encode: null, constant: undefined }
  if (is(param, Param) && is(param.value, Placeholder)) {
    const source = param.encoder
    const plain = source === noopEncoder || (is(source, Column) && source.mapToDriverValue === Column.prototype.mapToDriverValue)
    return {
      name: param.value.name,
      encode: plain ? null : (value) => source.mapToDriverValue(value),
      constant: undefined,
    }
  }
  return { name: null, encode: null, constant: param }
}

function encoder(name: string, slots: readonly Slot[]): (values: Record<string, unknown>) => unknown[] {
  const count = slots.length
  return (values) => {
    const out: unknown[] = []
    for (let i = 0; i < count; i++) {
      const slot = slots[i]
      if (!slot) continue
      if (slot.name === null) {
        out[i] = slot.constant
        continue
      }
      const value = values[slot.name]
      if (value === undefined) throw new AppError('bug', `Statement ${name} got no value for "${slot.name}".`)
      out[i] = value === null || !slot.encode ? value : slot.encode(value)
    }
    return out
  }
}

function decoder<R>(prepared: Prepared): (rows: readonly unknown[][]) => R[] {
  const { fields, customResultMapper } = prepared
  if (customResultMapper) return (rows) => customResultMapper(rows) as R[]
  if (!fields) return () => []
  const decodes = fields.map(({ field }) => decodeOf(field))
  if (fields.some(({ path }) => path.length > 1)) return nestedDecoder<R>(fields, decodes, prepared.joinsNotNullableMap ?? {})
  const keys = fields.map(({ path }) => path[0] ?? '')
  return (rows) => {
    const out: R[] = []
    for (const row of rows) out.push(flatRow(keys, decodes, row) as R)
    return out
  }
}

function flatRow(keys: readonly string[], decodes: readonly (Decode | null)[], row: readonly unknown[]): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (let i = 0; i < keys.length; i++) {
    const value = row[i]
    const decode = decodes[i]
    out[keys[i] ?? ''] = value === null || !decode ? value : decode(value)
  }
  return out
}

// Joined tables stand in objects of their own; one whose columns are all null was not joined.
function nestedDecoder<R>(
  fields: readonly Field[],
  decodes: readonly (Decode | null)[],
  notNullable: Record<string, boolean>,
): (rows: readonly unknown[][]) => R[] {
  const optional = new Set(
    fields
      .filter(({ path, field }) => path.length === 2 && is(field, Column) && !notNullable[getTableName(field.table)])
      .map(({ path }) => path[0] ?? ''),
  )
  return (rows) =>
    rows.map((row) => {
      const out: Record<string, unknown> = {}
      const present = new Set<string>()
      fields.forEach(({ path }, i) => {
        const raw = row[i]
        const decode = decodes[i]
        if (raw !== null && path.length > 1) present.add(path[0] ?? '')
        put(out, path, raw === null || !decode ? raw : decode(raw))
      })
      for (const name of optional) if (!present.has(name)) out[name] = null
      return out as R
    })
}

function put(out: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let node = out
  for (const step of path.slice(0, -1)) {
    node[step] ??= {}
    node = node[step] as Record<string, unknown>
  }
  node[path[path.length - 1] ?? ''] = value
}

function decodeOf(field: unknown): Decode | null {
  if (is(field, Column))
    return field.mapFromDriverValue === Column.prototype.mapFromDriverValue ? null : (value) => field.mapFromDriverValue(value)
  const source = is(field, SQL.Aliased) ? field.sql : is(field, Subquery) ? field._.sql : field
  const found = (source as { decoder?: { mapFromDriverValue(value: unknown): unknown } }).decoder
  return !found || found === noopDecoder ? null : (value) => found.mapFromDriverValue(value)
}
