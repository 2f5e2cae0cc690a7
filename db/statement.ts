import { getTableColumns, type Placeholder, sql, type Table } from 'drizzle-orm'
import { type Compiled, compile, type PreparableQuery } from './compile.ts'
import type { Tables } from './schema/index.ts'
import type { Db, Dialect, Runner, Store, Tx } from './store.ts'

/** A named query before it meets a connection; connections keep their prepared form under `index`. */
export interface Blueprint<R> {
  /** Unique in the process, ascending from 0. */
  readonly index: number
  readonly name: string
  /** The query as text and codecs, built at the first call and kept. `on.db` only builds; it never runs. */
  compiled(dialect: Dialect, on: { db: Db; t: Tables }): Compiled<R>
}

let blueprintCount = 0

/** Makes the description of a hot query that connections prepare on first use. */
export function blueprint<R>(name: string, build: (on: { db: Db; t: Tables }) => PreparableQuery<R>): Blueprint<R> {
  const byDialect: { sqlite?: Compiled<R>; postgres?: Compiled<R> } = {}
  return {
    index: blueprintCount++,
    name,
    compiled: (dialect, on) => (byDialect[dialect] ??= compile(dialect, name, build(on))),
  }
}

/**
 * A hot query: built once with drizzle's builder, its parameters written as `sql.placeholder('name')`, and run as a cached
 * prepared statement on a store (reads; a write is a transaction of its own) or in a transaction, in both dialects.
 * Rows come as the builder would give them. `null` is stored as NULL, also in json columns.
 * @param name names the statement in errors and on PostgreSQL; at most 40 characters, its own for each query.
 * @throws (rejects) AppError 'bug' when a placeholder's value is `undefined`, or when the runner may not be used (see `Runner.run`).
 */
export function statement<P extends Record<string, unknown>, R>(
  name: string,
  build: (on: { db: Db; t: Tables }) => PreparableQuery<R>,
): (on: Store | Tx, params: P) => Promise<R[]> {
  const own = blueprint(name, build)
  return (on: Runner, params) => on.run(own, params)
}

/** Values for an insert of whole rows: a placeholder for every column, under the column's own name. */
export function everyColumn<T extends Table>(table: T): { readonly [K in keyof T['$inferInsert'] & string]-?: Placeholder<K> } {
  const placeholders = Object.fromEntries(Object.keys(getTableColumns(table)).map((name) => [name, sql.placeholder(name)]))
  return placeholders as { readonly [K in keyof T['$inferInsert'] & string]-?: Placeholder<K> }
}
