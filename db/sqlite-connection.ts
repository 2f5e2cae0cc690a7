import Database from 'better-sqlite3'
import { AppError } from '../src/lib/errors.ts'
import type { Compiled } from './compile.ts'
import { tables } from './schema/sqlite.ts'
import { createSqliteDb } from './sqlite-drizzle.ts'
import type { Blueprint } from './statement.ts'

/** How drizzle's proxy wants the outcome: `get` one row, `run` rows only of RETURNING, the rest all rows; rows are arrays. */
export type ProxyMethod = 'run' | 'all' | 'values' | 'get'

interface Held<R> {
  readonly compiled: Compiled<R>
  readonly native: Database.Statement
}

const adHocLimit = 500

// Builds queries for their text only.
const blueprintDb = createSqliteDb(() => Promise.reject(new AppError('bug', 'A statement was run while it was being built.')))

/** One SQLite connection with its prepared statements. Everything it does is synchronous. */
export class SqliteConnection {
  readonly database: Database.Database
  // By blueprint index; an array look-up is all that a hot statement pays.
  readonly #held: (Held<unknown> | undefined)[] = []
  // By SQL text, oldest use first.
  readonly #adHoc = new Map<string, Database.Statement>()

  constructor(database: Database.Database) {
    this.database = database
  }

  /** Prepares a statement that returns no rows, for transaction control. */
  control(sql: string): () => void {
    const native = this.database.prepare(sql)
    return () => {
      native.run()
    }
  }

  /** Runs a compiled statement. @throws the driver's SqliteError, AppError 'bug' when a value is missing. */
  runStatement<R>(statement: Blueprint<R>, values: Record<string, unknown>): R[] {
    const { compiled, native } = this.#hold(statement)
    const params = compiled.encode(values)
    if (native.reader) return compiled.decode(native.all(...params) as unknown[][])
    native.run(...params)
    return []
  }

  /** Runs SQL text through the bounded statement cache. @throws the driver's SqliteError. */
  runSql(sql: string, params: readonly unknown[], method: ProxyMethod): { rows: unknown[] } {
    const native = this.#prepareAdHoc(sql)
    const bound = params.map(toSqliteValue)
    if (!native.reader) {
      native.run(...bound)
      return { rows: [] }
    }
    // drizzle's `get` takes the row itself in the place of the rows, and `undefined` for none.
    if (method === 'get') return { rows: native.get(...bound) as unknown[] }
    return { rows: native.all(...bound) }
  }

  /** Whether `sql` changes nothing. @throws the driver's SqliteError when it cannot be prepared. */
  isRead(sql: string): boolean {
    return this.#prepareAdHoc(sql).readonly
  }

  /** Whether a compiled statement changes nothing. */
  isReadStatement(statement: Blueprint<unknown>): boolean {
    return this.#hold(statement).native.readonly
  }

  close(): void {
    this.database.close()
  }

  #hold<R>(statement: Blueprint<R>): Held<R> {
    // The index belongs to one blueprint alone, so the row type is the one it was stored with.
    const held = this.#held[statement.index] as Held<R> | undefined
    if (held) return held
    const compiled = statement.compiled('sqlite', { db: blueprintDb, t: tables })
    const fresh: Held<R> = { compiled, native: prepareRaw(this.database, compiled.sql) }
    this.#held[statement.index] = fresh
    return fresh
  }

  #prepareAdHoc(sql: string): Database.Statement {
    const known = this.#adHoc.get(sql)
    if (known) {
      this.#adHoc.delete(sql)
      this.#adHoc.set(sql, known)
      return known
    }
    const native = prepareRaw(this.database, sql)
    this.#adHoc.set(sql, native)
    if (this.#adHoc.size > adHocLimit) {
      const [oldest] = this.#adHoc.keys()
      if (oldest !== undefined) this.#adHoc.delete(oldest)
    }
    return native
  }
}

function prepareRaw(database: Database.Database, sql: string): Database.Statement {
  const native = database.prepare(sql)
  return native.reader ? native.raw(true) : native
}

function toSqliteValue(value: unknown): unknown {
  return typeof value === 'boolean' ? Number(value) : value
}

/**
 * Opens a connection with every pragma the store relies on set explicitly: better-sqlite3 opens an existing WAL file with
 * `synchronous=NORMAL`, which would lose commits at a power cut.
 * @throws the driver's SqliteError.
 */
export function openSqliteConnection(file: string, options: { readonly: boolean }): SqliteConnection {
  // A timeout of 0 is `busy_timeout=0`: a busy wait would block the event loop.
  const database = new Database(file, { readonly: options.readonly, fileMustExist: options.readonly, timeout: 0 })
  if (!options.readonly) database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  database.pragma('busy_timeout = 0')
  database.pragma('wal_autocheckpoint = 0')
  // Savepoints keep their undo pages in memory instead of a temporary file.
  database.pragma('temp_store = MEMORY')
  return new SqliteConnection(database)
}
