import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError } from '../src/lib/errors.ts'
import { GroupCommit } from './group-commit.ts'
import { CommitListeners, RunningTx } from './open-tx.ts'
import { isBusyOrFull, toStoreError } from './portable.ts'
import { tables } from './schema/sqlite.ts'
import { backUpFile, backUpMemory } from './sqlite-backup.ts'
import { Checkpoints } from './sqlite-checkpoints.ts'
import { openSqliteConnection, type ProxyMethod, type SqliteConnection } from './sqlite-connection.ts'
import { createSqliteDb } from './sqlite-drizzle.ts'
import type { Blueprint } from './statement.ts'
import type { Db, MaintenanceConnection, Store, StoreSettings, Tx } from './store.ts'

/** Opens a SQLite store; see `openStore`. */
export function openSqliteStore(settings: StoreSettings): Store {
  const file = fileOf(settings.url)
  try {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true })
    const writer = openSqliteConnection(file, { readonly: false })
    return new SqliteStore(settings, file, writer)
  } catch (error) {
    throw new AppError(
      'unavailable',
      `The database ${file} cannot be opened: ${error instanceof Error ? error.message : String(error)}`,
      {},
      { cause: error },
    )
  }
}

/** The path in a `file:` URL: relative, absolute, `file:///…`, or `:memory:`. */
function fileOf(url: string): string {
  return url.startsWith('file://') ? fileURLToPath(url) : url.slice('file:'.length)
}

class SqliteStore implements Store {
  readonly dialect = 'sqlite'
  readonly t = tables
  readonly db: Db
  readonly #file: string
  readonly #writer: SqliteConnection
  // Null in memory, where a second connection would see another database.
  readonly #reader: SqliteConnection | null
  readonly #checkpoints: Checkpoints | null
  readonly #running: RunningTx
  readonly #listeners: CommitListeners
  readonly #group: GroupCommit
  #closing: Promise<void> | null = null

  constructor(settings: StoreSettings, file: string, writer: SqliteConnection) {
    this.#running = new RunningTx(settings.misuseGuard)
    const inMemory = file === ':memory:'
    this.#file = file
    this.#writer = writer
    this.#reader = inMemory ? null : openSqliteConnection(file, { readonly: true })
    this.#checkpoints = this.#reader && new Checkpoints(file, this.#reader, settings.report)
    this.#listeners = new CommitListeners(settings.report)
    this.#group = new GroupCommit({
      connection: writer,
      running: this.#running,
      listeners: this.#listeners,
      settings,
      checkpoints: this.#checkpoints,
    })
    this.db = createSqliteDb((sql, params, method) => this.#runSql(sql, params, method))
  }

  async run<R>(statement: Blueprint<R>, values: Record<string, unknown>): Promise<R[]> {
    this.#assertUsable()
    try {
      const reader = this.#reader
      if (reader?.isReadStatement(statement)) return reader.runStatement(statement, values)
      if (!reader && this.#writer.isReadStatement(statement))
        return await this.#group.alone(async () => this.#writer.runStatement(statement, values))
    } catch (error) {
      throw toStoreError(error)
    }
    return this.#group.transaction((tx) => tx.run(statement, values))
  }

  async tx<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    this.#assertUsable()
    return this.#group.transaction(work)
  }

  onCommit(listener: (newestSeq: number) => void): () => void {
    return this.#listeners.add(listener)
  }

  async ping(): Promise<void> {
    this.#assertOpen()
    if (!this.#reader) return
    try {
      this.#reader.runSql('select 1 from sqlite_master limit 1', [], 'all')
    } catch (error) {
      throw toStoreError(error)
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async backup(toFile: string): Promise<void> {
    this.#assertUsable()
    if (this.#reader) await backUpFile(this.#file, toFile)
    else await backUpMemory(await this.#group.alone(async () => this.#writer.database.serialize()), toFile)
  }

  async maintain<T>(work: (connection: MaintenanceConnection) => Promise<T>): Promise<T> {
    this.#assertUsable()
    return this.#group.alone(() => maintainSqlite(this.#writer, work))
  }

  async #runSql(sql: string, params: unknown[], method: ProxyMethod): Promise<{ rows: unknown[] }> {
    this.#assertUsable()
    try {
      const reader = this.#reader
      if (reader?.isRead(sql)) return reader.runSql(sql, params, method)
      if (!reader && this.#writer.isRead(sql)) return await this.#group.alone(async () => this.#writer.runSql(sql, params, method))
    } catch (error) {
      throw toStoreError(error)
    }
    return this.#group.transaction(async () => this.#writer.runSql(sql, params, method))
  }

  #assertUsable(): void {
    this.#running.assertOutside()
    this.#assertOpen()
  }

  #assertOpen(): void {
    if (this.#closing) throw new AppError('unavailable', 'The store is closed.')
  }

  async #close(): Promise<void> {
    await this.#group.settled()
    await this.#checkpoints?.stop()
    this.#reader?.close()
    // The last connection to close moves what is left in the log into the file and removes the log.
    this.#writer.close()
  }
}

/** Foreign keys are off while tables are rebuilt (a rebuild drops the old one) and checked before the commit. */
async function maintainSqlite<T>(connection: SqliteConnection, work: (connection: MaintenanceConnection) => Promise<T>): Promise<T> {
  const { database } = connection
  database.pragma('foreign_keys = OFF')
  try {
    beginImmediate(connection)
    const result = await work({
      execute: async (sql, params = []) => connection.runSql(sql, params, 'all').rows as unknown[][],
    })
    const broken = database.pragma('foreign_key_check') as { table: string }[]
    if (broken[0]) throw new AppError('bug', `There are rows of ${broken[0].table} without the row they refer to; nothing was changed.`)
    database.exec('commit')
    return result
  } catch (error) {
    if (database.inTransaction) database.exec('rollback')
    throw error
  } finally {
    database.pragma('foreign_keys = ON')
  }
}

function beginImmediate({ database }: SqliteConnection): void {
  // Another node may be changing the schema at this moment; nothing else runs in this process yet, so waiting here is right.
  database.pragma('busy_timeout = 30000')
  try {
    database.exec('begin immediate')
  } catch (error) {
    throw isBusyOrFull(error)
      ? new AppError('unavailable', 'Another process holds the database for more than 30 s.', {}, { cause: error })
      : error
  } finally {
    database.pragma('busy_timeout = 0')
  }
}
