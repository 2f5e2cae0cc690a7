import { PgDialect } from 'drizzle-orm/pg-core'
import { PgRemoteDatabase, PgRemoteSession, type RemoteCallback } from 'drizzle-orm/pg-proxy'
import type { Db } from './store.ts'

type NoSchema = Record<string, never>

const dialect = new PgDialect()

// Without drizzle's error wrapper, whose message prints all parameters; see `sqlite-drizzle.ts`.
class PlainErrorSession extends PgRemoteSession<NoSchema, NoSchema> {
  override prepareQuery: PgRemoteSession<NoSchema, NoSchema>['prepareQuery'] = (...args) => {
    const prepared = super.prepareQuery(...args)
    return Object.assign(prepared, {
      queryWithCache: (_sql: string, _params: unknown[], query: () => Promise<unknown>) => query(),
    })
  }
}

/** Drizzle's query builders over `run`. SQLite's types lead; this is the cast of PostgreSQL's surface to them. */
export function createPostgresDb(run: RemoteCallback): Db {
  return new PgRemoteDatabase(dialect, new PlainErrorSession(run, dialect, undefined, {}), undefined) as unknown as Db
}
