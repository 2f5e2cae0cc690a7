import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Store } from '../../db/store.ts'
import { openTestStore, type TestStore } from '../support/stores.ts'

/** A schema as both databases can describe it. */
interface Shape {
  /** table → column → type and whether NULL is allowed. */
  readonly columns: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** table → primary key's columns in order. */
  readonly primaryKeys: Readonly<Record<string, readonly string[]>>
  /** index → table, columns in order, unique, condition. */
  readonly indexes: Readonly<Record<string, string>>
  /** "table(columns) → table(columns)" with what happens on update and delete. */
  readonly foreignKeys: readonly string[]
}

let sqlite: TestStore
let postgres: TestStore

beforeAll(async () => {
  sqlite = await openTestStore('sqlite-memory')
  postgres = await openTestStore('postgres')
})
afterAll(async () => {
  await sqlite.dispose()
  await postgres.dispose()
})

type Row = readonly string[]

// Full-text tables are of each database's own kind; the conformance of searching is what holds them to the same.
const ownKind = "'search_%_terms%'"

/** Every cell as text: NULL is empty, and PostgreSQL's true and false are SQLite's 1 and 0. */
async function rows(store: Store, text: string): Promise<Row[]> {
  const found = await store.maintain((connection) => connection.execute(text))
  return found.map((row) => row.map(cell))
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean') return value ? '1' : '0'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function grouped(items: readonly (readonly [string, string, string])[]): Record<string, Record<string, string>> {
  const out: Record<string, Record<string, string>> = {}
  for (const [table, column, about] of items) {
    const columns = out[table] ?? {}
    out[table] = columns
    columns[column] = about
  }
  return out
}

/** A partial index's condition without quotes, casts, brackets and table names, as both databases print it. */
function condition(text: string): string {
  const bare = text
    .replace(/::[a-z]+(\[\])?/g, '')
    .replace(/= ANY \(\(?ARRAY\[([^\]]*)\]\)?\)/gi, 'in ($1)')
    .replace(/"?[a-z_]+"?\./g, '')
    .replace(/[()"`\s]+/g, ' ')
    .replace(/ ?, ?/g, ',')
    .toLowerCase()
  return bare.trim()
}

async function sqliteShape(store: Store): Promise<Shape> {
  const tables = `(select name as t from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like ${ownKind})`
  const columns = await rows(
    store,
    `select t, c.name, lower(c.type), c."notnull" or c.pk, c.pk from ${tables} join pragma_table_info(t) c order by t, c.pk`,
  )
  const indexes = await rows(
    store,
    `select i.name, t, i."unique", (select group_concat(name) from (select name from pragma_index_info(i.name) order by seqno)), m.sql
     from ${tables} join pragma_index_list(t) i join sqlite_master m on m.name = i.name where i.origin = 'c'`,
  )
  const foreignKeys = await rows(
    store,
    `select t, f."from", f."table", f."to", lower(f.on_update), lower(f.on_delete) from ${tables} join pragma_foreign_key_list(t) f`,
  )
  return {
    columns: grouped(
      columns.map(([table = '', column = '', type = '', required = '']) => [table, column, `${type}${required === '1' ? '' : ' null'}`]),
    ),
    primaryKeys: primaryKeys(columns.filter(([, , , , place]) => place !== '0')),
    indexes: Object.fromEntries(
      indexes.map(([name = '', table = '', unique = '', on = '', text = '']) => [
        name,
        indexText(table, on, unique, / WHERE (.*)$/is.exec(text)?.[1] ?? ''),
      ]),
    ),
    foreignKeys: foreignKeys.map(foreignKey).sort(),
  }
}

function indexText(table: string, columns: string, unique: string, where: string): string {
  return `${table}(${columns})${unique === '1' ? ' unique' : ''} ${condition(where)}`.trim()
}

function primaryKeys(columns: readonly Row[]): Record<string, string[]> {
  const out: Record<string, string[]> = {}
  for (const [table = '', column = ''] of columns) out[table] = [...(out[table] ?? []), column]
  return out
}

function foreignKey([table = '', from = '', target = '', to = '', onUpdate = '', onDelete = '']: Row): string {
  return `${table}(${from}) → ${target}(${to}) ${onUpdate} ${onDelete}`
}

const asSqliteType: Readonly<Record<string, string>> = {
  text: 'text',
  jsonb: 'text',
  integer: 'integer',
  bigint: 'integer',
  boolean: 'integer',
  'double precision': 'real',
}

const actions: Readonly<Record<string, string>> = { a: 'no action', c: 'cascade', n: 'set null', r: 'restrict' }

async function postgresShape(store: Store): Promise<Shape> {
  const columns = await rows(
    store,
    `select table_name, column_name, data_type, is_nullable from information_schema.columns where table_schema = 'public' and table_name not like ${ownKind}`,
  )
  const keyColumns = (key: string): string =>
    `(select string_agg(a.attname, ',' order by k.place) from unnest(${key}) with ordinality k (number, place) join pg_attribute a on a.attrelid = o.relid and a.attnum = k.number)`
  const indexes = await rows(
    store,
    `select o.name, o.t, o.indisunique, ${keyColumns('o.indkey')}, o.condition, o.indisprimary from (
       select i.indexrelid::regclass::text as name, i.indrelid as relid, c.relname as t, i.indisunique, i.indisprimary, i.indkey::int2[] as indkey, pg_get_expr(i.indpred, i.indrelid) as condition
       from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relname not like ${ownKind}) o`,
  )
  const foreignKeys = await rows(
    store,
    `select c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text, b.attname, c.confupdtype, c.confdeltype from pg_constraint c
     join unnest(c.conkey, c.confkey) k (here, there) on true join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.here
     join pg_attribute b on b.attrelid = c.confrelid and b.attnum = k.there where c.contype = 'f'`,
  )
  return {
    columns: grouped(
      columns.map(([table = '', column = '', type = '', nullable = '']) => [
        table,
        column,
        `${asSqliteType[type] ?? type}${nullable === 'NO' ? '' : ' null'}`,
      ]),
    ),
    primaryKeys: Object.fromEntries(
      indexes.filter(([, , , , , primary]) => primary === '1').map(([, table = '', , on = '']) => [table, on.split(',')]),
    ),
    indexes: Object.fromEntries(
      indexes
        .filter(([, , , , , primary]) => primary === '0')
        .map(([name = '', table = '', unique = '', on = '', where = '']) => [name, indexText(table, on, unique, where)]),
    ),
    foreignKeys: foreignKeys
      .map(([table = '', from = '', target = '', to = '', onUpdate = '', onDelete = '']) =>
        foreignKey([table, from, target, to, actions[onUpdate] ?? onUpdate, actions[onDelete] ?? onDelete]),
      )
      .sort(),
  }
}

test('both dialects have the same tables, columns, keys, indexes and conditions', async () => {
  const ours = await sqliteShape(sqlite.store)
  const theirs = await postgresShape(postgres.store)
  // The comparison would also pass on two empty schemas.
  expect(Object.keys(ours.columns).length).toBeGreaterThan(25)
  expect(ours.indexes['conversations_live_uq']).toBe("conversations(inbox_id,thread_key) unique status <> 'resolved'")
  expect(ours.foreignKeys.length).toBeGreaterThan(10)
  expect(theirs.columns).toEqual(ours.columns)
  expect(theirs.primaryKeys).toEqual(ours.primaryKeys)
  expect(theirs.indexes).toEqual(ours.indexes)
  expect(theirs.foreignKeys).toEqual(ours.foreignKeys)
})

test('the comparison sees a difference', async () => {
  await sqlite.store.maintain((connection) => connection.execute("create unique index extra_uq on contacts (name) where name <> ''"))
  const ours = await sqliteShape(sqlite.store)
  expect(ours.indexes['extra_uq']).toBe("contacts(name) unique name <> ''")
  expect((await postgresShape(postgres.store)).indexes).not.toEqual(ours.indexes)
})
