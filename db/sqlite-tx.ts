import { eventColumns, insertEvent } from './event-log.ts'
import { OpenTx, rejected } from './open-tx.ts'
import { tables } from './schema/sqlite.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import { createSqliteDb } from './sqlite-drizzle.ts'
import type { Blueprint } from './statement.ts'
import type { Db } from './store.ts'

/** Prepared control of one savepoint name. */
interface SavepointControl {
  readonly open: () => void
  readonly release: () => void
  readonly rollbackTo: () => void
}

/** Prepared transaction control of one connection. */
export interface SqliteControl {
  readonly begin: () => void
  readonly commit: () => void
  readonly rollback: () => void
  /** Around each transaction of a group. */
  readonly member: SavepointControl
  /** Inside a transaction, at any depth: SQLite acts on the newest of the same name. */
  readonly inner: SavepointControl
}

/** Prepares transaction control. */
export function createSqliteControl(connection: SqliteConnection): SqliteControl {
  return {
    begin: connection.control('begin immediate'),
    commit: connection.control('commit'),
    rollback: connection.control('rollback'),
    member: savepointControl(connection, 'member'),
    inner: savepointControl(connection, 'inner_savepoint'),
  }
}

function savepointControl(connection: SqliteConnection, name: string): SavepointControl {
  return {
    open: connection.control(`savepoint ${name}`),
    release: connection.control(`release ${name}`),
    rollbackTo: connection.control(`rollback to ${name}`),
  }
}

/** A transaction on the write connection; its statements run at once. */
export class SqliteTx extends OpenTx {
  readonly dialect = 'sqlite'
  readonly t = tables
  readonly #connection: SqliteConnection
  readonly #control: SqliteControl

  constructor(connection: SqliteConnection, control: SqliteControl) {
    super()
    this.#connection = connection
    this.#control = control
  }

  /** Writes the queued events and gives back the newest `seq`, or null when there are none. */
  writeEvents(): number | null {
    let newestSeq: number | null = null
    for (const event of this.events) newestSeq = this.#connection.runStatement(insertEvent, eventColumns(event))[0]?.seq ?? newestSeq
    return newestSeq
  }

  protected override createDb(): Db {
    return createSqliteDb(async (sql, params, method) => {
      this.assertUsable()
      try {
        return this.#connection.runSql(sql, params, method)
      } catch (error) {
        this.noteFailure(error)
        throw error
      }
    })
  }

  protected override runStatement<R>(statement: Blueprint<R>, values: Record<string, unknown>): Promise<R[]> {
    try {
      return Promise.resolve(this.#connection.runStatement(statement, values))
    } catch (error) {
      this.noteFailure(error)
      return rejected(error)
    }
  }

  protected override createInner(): SqliteTx {
    return new SqliteTx(this.#connection, this.#control)
  }

  protected override openSavepoint(): void {
    this.#control.inner.open()
  }

  protected override keepSavepoint(): void {
    this.#control.inner.release()
  }

  protected override undoSavepoint(): void {
    // A failing disk makes SQLite roll back everything by itself; then there is no savepoint left to undo.
    if (!this.#connection.database.inTransaction) return
    this.#control.inner.rollbackTo()
    this.#control.inner.release()
  }
}
