import { type AnyColumn, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { AppError } from '../src/lib/errors.ts'
import type { Dialect } from './store.ts'

/** What a unique violation tells about the rule that was broken; null where the driver does not say. */
export interface UniqueViolation {
  /** Name of the index (PostgreSQL only; SQLite names columns). */
  readonly constraint: string | null
  readonly table: string | null
  /** Column names as in the database. */
  readonly columns: readonly string[]
}

interface DriverError {
  readonly code?: unknown
  readonly message?: unknown
  readonly constraint?: unknown
  readonly table?: unknown
  readonly detail?: unknown
}

/** `error` and its causes, outermost first; at most ten, so that a circle ends. */
function chainOf(error: unknown): DriverError[] {
  const chain: DriverError[] = []
  let next: unknown = error
  while (typeof next === 'object' && next !== null && chain.length < 10) {
    chain.push(next)
    next = 'cause' in next ? next.cause : null
  }
  return chain
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/**
 * Which unique rule `error` broke, or null when it is another error.
 * Source: sqlite.org/rescode.html (2067, 1555); PostgreSQL error code 23505.
 */
export function uniqueViolationOf(error: unknown): UniqueViolation | null {
  for (const { code, message, constraint, table, detail } of chainOf(error)) {
    if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY') {
      // "UNIQUE constraint failed: messages.inbox_id, messages.external_id"
      const places = (textOrNull(message)?.split('failed: ')[1] ?? '').split(', ').map((place) => place.split('.'))
      return { constraint: null, table: places[0]?.[0] || null, columns: places.flatMap(([, column]) => column ?? []) }
    }
    if (code === '23505') {
      // "Key (inbox_id, external_id)=(…) already exists."
      const columns = /^Key \(([^)]*)\)=/.exec(textOrNull(detail) ?? '')?.[1]?.split(', ') ?? []
      return { constraint: textOrNull(constraint), table: textOrNull(table), columns }
    }
  }
  return null
}

/**
 * Whether `error` is a broken unique rule or primary key, in either dialect, also under wrapping errors.
 * @param columns when given, only a violation of exactly these columns (database names, any order) counts.
 */
export function isUniqueViolation(error: unknown, columns?: readonly string[]): boolean {
  const violation = uniqueViolationOf(error)
  if (!violation || !columns) return violation !== null
  return violation.columns.length === columns.length && columns.every((column) => violation.columns.includes(column))
}

const unavailableSqlite = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|NOMEM|READONLY|PROTOCOL)(_|$)/
// Resources (53), operator intervention (57), connection (08); of the rest only lock_not_available and in_failed states' cause.
const unavailablePostgres = /^(53|57|08)...$|^55P03$|^25P03$/
const unavailableSocket = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH)$/

// pg gives these no code: the connection broke under a statement, or had broken before it.
const lostConnection = /^(Connection terminated|Client (was closed|has encountered a connection error))/

/** Whether the database could not take the work now: locked, full, failing disk, out of memory, unreachable or shutting down. */
export function isBusyOrFull(error: unknown): boolean {
  return chainOf(error).some(({ code, message }) => {
    if (typeof code !== 'string') return typeof message === 'string' && lostConnection.test(message)
    return unavailableSqlite.test(code) || unavailablePostgres.test(code) || unavailableSocket.test(code)
  })
}

/** Whether PostgreSQL gave up a transaction that will probably pass when it is run again: serialisation failure, deadlock. */
export function isTransientConflict(error: unknown): boolean {
  return chainOf(error).some(({ code }) => code === '40001' || code === '40P01')
}

/** `error` as callers of a store meet it: what `isBusyOrFull` recognises becomes AppError 'unavailable', the rest stays. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof AppError || !isBusyOrFull(error)) return error
  const code = chainOf(error)
    .map((link) => textOrNull(link.code))
    .find((found) => found !== null)
  return new AppError(
    'unavailable',
    'The database cannot do this now; nothing was stored. Try again shortly.',
    { driverCode: code },
    { cause: error },
  )
}

/**
 * Case-insensitive LIKE. `_` and `%` in `pattern` are wildcards unless escaped by a backslash (see `likeLiteral`).
 * SQLite folds ASCII letters only, PostgreSQL by its locale.
 */
export function ilike(dialect: Dialect, column: AnyColumn | SQLWrapper, pattern: string): SQL<boolean> {
  return dialect === 'sqlite' ? sql<boolean>`${column} like ${pattern} escape '\\'` : sql<boolean>`${column} ilike ${pattern} escape '\\'`
}

/** `text` with LIKE's wildcards escaped, to stand inside a pattern. */
export function likeLiteral(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}

/** A text column as searches by its beginning compare it: the expression that `kit.folded` indexes. SQLite folds ASCII letters only. */
export function folded(dialect: Dialect, column: AnyColumn | SQLWrapper): SQL<string> {
  return dialect === 'sqlite' ? sql<string>`lower(${column})` : sql<string>`(lower(${column}) collate "C")`
}

/** Whether a text column begins with `prefix`, case aside; answered by an index on `kit.folded`. */
export function beginsWith(dialect: Dialect, column: AnyColumn | SQLWrapper, prefix: string): SQL<boolean> {
  const text = folded(dialect, column)
  const { from, to } = prefixBounds(dialect, prefix)
  return sql<boolean>`${text} >= ${from} and ${text} < ${to}`
}

/**
 * The same from a place on: rows whose (folded text, id) lies beyond `after`. The index is entered at the place, so a page
 * deep in a list costs what the first one does.
 */
export function beginsWithAfter(
  dialect: Dialect,
  column: AnyColumn | SQLWrapper,
  id: AnyColumn,
  prefix: string,
  after: { readonly at: string; readonly tie: string },
): SQL<boolean> {
  const text = folded(dialect, column)
  const { from, to } = prefixBounds(dialect, prefix)
  const at = dialect === 'sqlite' ? sql`${after.at}` : sql`${after.at}::text collate "C"`
  // Appending nothing keeps the planner from entering the index at the prefix instead of at the place.
  return sql<boolean>`${text} >= ${at} and ${text} < ${to} and (${text} > ${at} or ${id} > ${after.tie}) and (${text} || '') >= ${from}`
}

/** Folded texts between these, the first included, begin with `prefix`. */
function prefixBounds(dialect: Dialect, prefix: string): { from: SQL; to: SQL } {
  // The last code point that text may hold stands above everything that begins with the prefix.
  const last = `${prefix}\u{10ffff}`
  if (dialect === 'sqlite') return { from: sql`lower(${prefix})`, to: sql`lower(${last})` }
  return { from: sql`lower(${prefix}::text) collate "C"`, to: sql`lower(${last}::text) collate "C"` }
}

const dayMs = 86_400_000

/**
 * The day an instant falls in, as the epoch milliseconds of that day's beginning.
 * @param instant a column of epoch milliseconds, ≥ 0 after the offset.
 * @param offsetMs the zone's offset from UTC, milliseconds (east positive); constant for the query, so split a report at its changes.
 */
export function dayBucket(instant: AnyColumn | SQLWrapper, offsetMs = 0): SQL<number> {
  // Both dialects divide whole numbers toward zero. Inlined numbers keep the expression the same in SELECT and GROUP BY.
  const offset = sql.raw(String(Math.trunc(offsetMs)))
  const day = sql.raw(String(dayMs))
  return sql<number>`((${instant} + ${offset}) / ${day}) * ${day} - ${offset}`
}
