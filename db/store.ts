import type { SqliteRemoteDatabase } from 'drizzle-orm/sqlite-proxy'
import { AppError } from '../src/lib/errors.ts'
import type { Tables } from './schema/index.ts'
import type { Blueprint } from './statement.ts'

/**
 * Drizzle's asynchronous SQLite surface: the one query type of both dialects. Only `await` a query; `.get()`, `.all()` and
 * `.run()` do not exist on PostgreSQL. Transactions are `Store.tx` and `Tx.savepoint`, never drizzle's own.
 */
export type Db = Omit<SqliteRemoteDatabase, 'transaction' | 'batch' | 'query'>

/** Which database is behind a store. */
export type Dialect = 'sqlite' | 'postgres'

/** A row of the event log as its writer gives it; the log itself numbers it. */
export type EventDraft = Omit<Tables['events']['$inferInsert'], 'seq'>

/** Where compiled statements run: a store (each on its own) or a transaction. */
export interface Runner {
  readonly dialect: Dialect
  readonly t: Tables
  /**
   * Runs one prepared statement; `db/statement.ts` is its caller. Rejects with AppError 'bug' when the store is used inside
   * a running transaction, or a transaction after its end.
   */
  run<R>(statement: Blueprint<R>, values: Record<string, unknown>): Promise<R[]>
}

/** One transaction. It lives until the work given to `Store.tx` settles; used later, every call fails with AppError 'bug'. */
export interface Tx extends Runner {
  readonly db: Db
  /**
   * Queues a row for the event log. All events of the transaction are written as its last act, in the order of the calls, so
   * that `seq` order is commit order. Dropped when an enclosing savepoint rolls back.
   */
  append(event: EventDraft): void
  /** Runs `job` after the real commit, in the order of the calls; never after a rollback, nor that of an enclosing savepoint. */
  afterCommit(job: () => void): void
  /**
   * Runs `work` in an inner savepoint. When it throws, its writes, events and after-commit jobs are undone, the error is
   * rethrown, and the transaction goes on. Until it settles only the inner `tx` may be used.
   */
  savepoint<T>(work: (tx: Tx) => Promise<T>): Promise<T>
}

/** The database of record. */
export interface Store extends Runner {
  /**
   * Queries outside transactions. Reads see committed data and never wait for a writer; a single write is a transaction of
   * its own. Fails with AppError 'bug' inside a running transaction.
   */
  readonly db: Db
  /**
   * Runs `work` in a transaction and settles after the commit. When `work` throws, nothing of it is kept and the error is
   * rethrown. `work` may run again after a deadlock (PostgreSQL), so it changes nothing but the database; it does no network
   * I/O and ends within `transactionLimitMs`.
   * @throws AppError 'unavailable' when the database is locked, full, unreachable or overloaded, or the time limit is hit:
   *   nothing was stored and the same work may be tried again. After a lost connection during PostgreSQL's COMMIT the outcome
   *   is unknown; `details.outcome` is then `'unknown'`.
   */
  tx<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /**
   * Calls `listener` once per real commit of this process that wrote events, with the newest `seq` of it.
   * @returns a function that ends it.
   */
  onCommit(listener: (newestSeq: number) => void): () => void
  /** Resolves when the database answers. @throws AppError 'unavailable' otherwise. */
  ping(): Promise<void>
  /** Waits for running work, then closes. Work asked for later fails with AppError 'unavailable'. Idempotent. */
  close(): Promise<void>
  /**
   * Writes a consistent copy of the committed data to `toFile` while work goes on; the file appears whole or not at all.
   * @throws AppError 'conflict' when the file exists, 'invalid_input' on PostgreSQL, whose tool is `pg_dump`.
   */
  backup(toFile: string): Promise<void>
  /** Runs schema changes alone, in one transaction, with foreign keys checked at its end. For `db/migrate.ts`. */
  maintain<T>(work: (connection: MaintenanceConnection) => Promise<T>): Promise<T>
}

/** A bare connection inside `Store.maintain`. */
export interface MaintenanceConnection {
  /** Runs SQL as it stands; rows are arrays in column order. */
  execute(sql: string, params?: readonly unknown[]): Promise<unknown[][]>
}

/** How to open a store. */
export interface StoreConfig {
  /** `file:./data/onequeue.db`, `file::memory:` or `postgres://user:password@host/database`. */
  readonly url: string
  /** Longest a transaction may take, milliseconds; 5,000 when left out. */
  readonly transactionLimitMs?: number
  /** Longest wait for another process's write lock (SQLite) or for a connection (PostgreSQL), milliseconds; 2,000 when left out. */
  readonly lockWaitMs?: number
  /** Most transactions that may wait at once before more are refused; 10,000 when left out. */
  readonly maxWaiting?: number
  /** A SQLite group takes no further member after this long, so that sockets are served between groups, milliseconds; 12 when left out. */
  readonly groupBudgetMs?: number
  /**
   * Whether using the store inside a running transaction is refused at once; true when left out. The look costs a seventh of
   * what a webhook costs on Node 20 (asynchronous contexts hook into every promise), so a hub in production, whose code
   * every test runs with it, goes without: there such a use on SQLite ends with the transaction's time limit.
   */
  readonly misuseGuard?: boolean
  /** Most PostgreSQL connections; 10 when left out. */
  readonly poolSize?: number
  /** Receives errors nobody awaits: a failing after-commit job, listener or idle connection. A process warning when left out. */
  readonly report?: (error: unknown) => void
}

/** `StoreConfig` with every choice made. */
export type StoreSettings = Required<StoreConfig>

/**
 * Opens the database named by `config.url`, creating a SQLite file and its folder when missing. Loads only that dialect's driver.
 * @throws AppError 'invalid_input' for an unknown URL scheme, 'unavailable' when it cannot be opened.
 */
export async function openStore(config: StoreConfig): Promise<Store> {
  const settings: StoreSettings = {
    url: config.url,
    transactionLimitMs: config.transactionLimitMs ?? 5_000,
    lockWaitMs: config.lockWaitMs ?? 2_000,
    maxWaiting: config.maxWaiting ?? 10_000,
    groupBudgetMs: config.groupBudgetMs ?? 12,
    misuseGuard: config.misuseGuard ?? true,
    poolSize: config.poolSize ?? 10,
    report: config.report ?? ((error) => process.emitWarning(error instanceof Error ? error : new Error(String(error)))),
  }
  if (/^postgres(ql)?:\/\//.test(config.url)) return (await import('./store-postgres.ts')).openPostgresStore(settings)
  if (config.url.startsWith('file:')) return (await import('./store-sqlite.ts')).openSqliteStore(settings)
  throw new AppError('invalid_input', 'DATABASE_URL must begin with file: or postgres://.')
}
