import { type Column, type SQL, sql } from 'drizzle-orm'

/** A named parameter written as `column` writes its values; for `set` and expressions of a `statement`. */
export function bind<T>(column: Column, name: string): SQL<T> {
  return sql<T>`${sql.param(sql.placeholder(name), column)}`
}
