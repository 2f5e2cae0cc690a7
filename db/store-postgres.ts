import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import { AppError } from '../src/lib/errors.ts'
import { CommitListeners, RunningTx, runAll } from './open-tx.ts'
import { isBusyOrFull, isTransientConflict, toStoreError } from './portable.ts'
import { openPool, runSql, runStatement } from './postgres-connection.ts'
import { createPostgresDb } from './postgres-drizzle.ts'
import { PostgresTx } from './postgres-tx.ts'
import { tables } from './schema/postgres.ts'
import type { Blueprint } from './statement.ts'
import type { Db, MaintenanceConnection, Store, StoreSettings, Tx } from './store.ts'
import { transactionTooLong } from './time-limit.ts'

/** Held while a node changes the schema. */
const maintenanceLock = 731_002
/** Attempts at a transaction that deadlocks or cannot be serialised. */
const maxAttempts = 4
/** Longest pause before the second attempt, milliseconds; doubles with each. */
const firstPauseMs = 10

/** Opens a PostgreSQL store; see `openStore`. */
export async function openPostgresStore(settings: StoreSettings): Promise<Store> {
  const store = new PostgresStore(settings)
  try {
    await store.ping()
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}

class PostgresStore implements Store {
  readonly dialect = 'postgres'
  readonly t = tables
  readonly db: Db
  readonly #settings: StoreSettings
  readonly #pool: Pool
  readonly #running: RunningTx
  readonly #listeners: CommitListeners
  #closing: Promise<void> | null = null

  constructor(settings: StoreSettings) {
    this.#running = new RunningTx(settings.misuseGuard)
    this.#settings = settings
    this.#pool = openPool(settings)
    this.#listeners = new CommitListeners(settings.report)
    this.db = createPostgresDb((sql, params, method) => this.#once(() => runSql(this.#pool, sql, params, method)))
  }

  run<R>(statement: Blueprint<R>, values: Record<string, unknown>): Promise<R[]> {
    return this.#once(() => runStatement(this.#pool, statement, values))
  }

  async tx<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    this.#assertUsable()
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(work)
      } catch (error) {
        if (attempt === maxAttempts || !isTransientConflict(error)) throw toStoreError(error)
        await sleep(Math.random() * firstPauseMs * 2 ** (attempt - 1))
      }
    }
  }

  onCommit(listener: (newestSeq: number) => void): () => void {
    return this.#listeners.add(listener)
  }

  async ping(): Promise<void> {
    this.#assertOpen()
    try {
      await this.#pool.query('select 1')
    } catch (error) {
      throw new AppError('unavailable', 'PostgreSQL does not answer.', {}, { cause: error })
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#pool.end()
    return this.#closing
  }

  async backup(): Promise<void> {
    throw new AppError(
      'invalid_input',
      'A PostgreSQL database is backed up with pg_dump (pg_dump --format=custom --file=FILE "$DATABASE_URL").',
    )
  }

  async maintain<T>(work: (connection: MaintenanceConnection) => Promise<T>): Promise<T> {
    this.#assertUsable()
    const client = await this.#connect()
    try {
      await client.query('set statement_timeout = 0; set idle_in_transaction_session_timeout = 0')
      await client.query('begin')
      await client.query(`select pg_advisory_xact_lock(${maintenanceLock})`)
      const result = await work({
        execute: async (text, params = []) => (await client.query({ text, values: [...params], rowMode: 'array' })).rows,
      })
      await client.query('commit')
      return result
    } catch (error) {
      throw toStoreError(error)
    } finally {
      // Its session has other limits than the pool's, and may be inside a failed transaction: it is not used again.
      client.release(true)
    }
  }

  async #attempt<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.#connect()
    const tx = new PostgresTx(client)
    let broken = true
    try {
      await client.query('begin isolation level read committed')
      const value = await this.#limited(tx, work)
      tx.assertUsable()
      tx.end()
      const newestSeq = await tx.writeEvents()
      await this.#commit(client)
      broken = false
      runAll(tx.jobs, this.#settings.report)
      this.#listeners.notify(newestSeq)
      return value
    } catch (error) {
      tx.end()
      broken = !(await rolledBack(client, error))
      throw error
    } finally {
      client.release(broken)
    }
  }

  async #commit(client: PoolClient): Promise<void> {
    let command: string
    try {
      command = (await client.query('commit')).command
    } catch (error) {
      if (!isBusyOrFull(error)) throw error
      throw new AppError(
        'unavailable',
        'The connection was lost during COMMIT; whether the work was stored is not known.',
        { outcome: 'unknown' },
        { cause: error },
      )
    }
    if (command !== 'COMMIT') throw new AppError('bug', 'PostgreSQL rolled the transaction back because one of its statements had failed.')
  }

  async #limited<T>(tx: PostgresTx, work: (tx: Tx) => Promise<T>): Promise<T> {
    const limitMs = this.#settings.transactionLimitMs
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(transactionTooLong(limitMs)), limitMs)
    })
    try {
      return await Promise.race([this.#running.enter(tx, work), late])
    } finally {
      clearTimeout(timer)
    }
  }

  async #once<T>(query: () => Promise<T>): Promise<T> {
    this.#assertUsable()
    try {
      return await query()
    } catch (error) {
      throw toStoreError(error)
    }
  }

  async #connect(): Promise<PoolClient> {
    if (this.#pool.waitingCount >= this.#settings.maxWaiting) {
      throw new AppError('unavailable', 'Too many transactions are waiting for the database. Try again shortly.')
    }
    try {
      return await this.#pool.connect()
    } catch (error) {
      throw new AppError('unavailable', 'PostgreSQL gave no connection in time.', {}, { cause: error })
    }
  }

  #assertUsable(): void {
    this.#running.assertOutside()
    this.#assertOpen()
  }

  #assertOpen(): void {
    if (this.#closing) throw new AppError('unavailable', 'The store is closed.')
  }
}

/** Whether the client is known to be outside any transaction again, and so fit for the next one. */
async function rolledBack(client: PoolClient, error: unknown): Promise<boolean> {
  // After the time limit, a timeout or a lost connection its statement may still be running.
  const unsure = (error instanceof AppError && error.kind === 'unavailable') || isBusyOrFull(error)
  if (unsure && !isTransientConflict(error)) return false
  try {
    await client.query('rollback')
    return true
  } catch {
    return false
  }
}
