import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core'
import { type RemoteCallback, SQLiteRemoteSession, SqliteRemoteDatabase } from 'drizzle-orm/sqlite-proxy'
import type { Db } from './store.ts'

const dialect = new SQLiteAsyncDialect()

// drizzle wraps a driver's error in one whose message prints all parameters: message texts, addresses, tokens. The query is
// run without that wrapper, so that nothing of them can reach a log.
class PlainErrorSession extends SQLiteRemoteSession<Record<string, never>, Record<string, never>> {
  override prepareQuery: SQLiteRemoteSession<Record<string, never>, Record<string, never>>['prepareQuery'] = (...args) => {
    const prepared = super.prepareQuery(...args)
    return Object.assign(prepared, {
      queryWithCache: (_sql: string, _params: unknown[], query: () => Promise<unknown>) => query(),
    })
  }
}

/** Drizzle's query builders over `run`, which alone decides when and where a statement runs. Costs under a microsecond. */
export function createSqliteDb(run: RemoteCallback): Db {
  return new SqliteRemoteDatabase('async', dialect, new PlainErrorSession(run, dialect, undefined, undefined, {}), undefined)
}
