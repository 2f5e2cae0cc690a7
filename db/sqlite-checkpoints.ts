import type { SqliteConnection } from './sqlite-connection.ts'
import { SqliteWorkerThread } from './sqlite-worker-thread.ts'

/** Between looks at the log while commits arrive. */
const intervalMs = 100
/** Pages of 4 KiB that wait (8 MiB) before a checkpoint is worth its two syncs while commits arrive. */
const worthwhilePages = 2_048
/** The same (1 MiB) once they have stopped; below it the log is left alone, so that a small hub needs no worker thread. */
const idlePages = 256
/** A log longer than this (64 MiB) is to begin anew: SQLite does that when a commit finds all of it checkpointed. */
const longPages = 16_384
/** A log with fewer pages to go is checkpointed in a few milliseconds; the writer waits for no more. */
const shortWaitPages = 256
/** A log that grew beyond this (8 MiB) is cut off once the load has gone. */
const truncatePages = 2_048
/** After a failed checkpoint, milliseconds. */
const failurePauseMs = 5_000

/** Pages in the write-ahead log, and how many of them stand in the database file. */
interface LogState {
  readonly log: number
  readonly checkpointed: number
}

/**
 * Moves committed pages from the write-ahead log into the database file, in a worker thread: a checkpoint on the writing
 * thread is the p99.9 of grouped commits. PASSIVE checkpoints disturb neither readers nor the writer.
 */
export class Checkpoints {
  readonly #file: string
  readonly #reader: SqliteConnection
  readonly #report: (error: unknown) => void
  #thread: SqliteWorkerThread | null = null
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> | null = null
  #commits = 0
  #long = false
  #stopped = false

  /** @param reader a connection to look at the log with; only between checkpoints and `stop`. */
  constructor(file: string, reader: SqliteConnection, report: (error: unknown) => void) {
    this.#file = file
    this.#reader = reader
    this.#report = report
    // A log left by a crash may be long already.
    this.noteCommit()
  }

  /** Notes that the log has grown. */
  noteCommit(): void {
    this.#commits++
    if (!this.#timer && !this.#running) this.#schedule(intervalMs)
  }

  /** Whether the log has grown so long that the writer should call `catchUp` before it goes on. */
  get overdue(): boolean {
    return this.#long
  }

  /** One short checkpoint with no writer beside it, so that the next commit begins the log anew. Reports its failure, never throws. */
  async catchUp(): Promise<void> {
    await this.#running
    if (!this.#stopped) await this.#checkpoint('PASSIVE')
    // Also when a reader (a backup) still needs the old pages: the writer must not wait for it.
    this.#long = false
  }

  /** Ends the thread; the store's own close does the last checkpoint. */
  async stop(): Promise<void> {
    this.#stopped = true
    if (this.#timer) clearTimeout(this.#timer)
    await this.#running
    await this.#thread?.stop()
  }

  #schedule(pauseMs: number): void {
    if (this.#stopped) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#running = this.#tick().finally(() => {
        this.#running = null
      })
    }, pauseMs)
    this.#timer.unref()
  }

  async #tick(): Promise<void> {
    const idle = this.#commits === 0
    this.#commits = 0
    let state = this.#look()
    const waiting = state.log - state.checkpointed
    let healthy = true
    if (waiting >= (idle ? idlePages : worthwhilePages)) {
      healthy = await this.#checkpoint('PASSIVE')
      state = this.#look()
    }
    if (healthy && idle && state.log >= truncatePages) healthy = await this.#checkpoint('TRUNCATE')
    else if (healthy && state.log >= longPages) healthy = await this.#shorten()
    if (!healthy) this.#schedule(failurePauseMs)
    // One look more after the last commit, to find the log at rest.
    else if (!idle || this.#commits > 0) this.#schedule(intervalMs)
  }

  /** Checkpoints beside the writer until little is left, then asks the writer to wait for the rest. */
  async #shorten(): Promise<boolean> {
    for (let round = 0; round < 8; round++) {
      const { log, checkpointed } = this.#look()
      if (log - checkpointed <= shortWaitPages) break
      if (!(await this.#checkpoint('PASSIVE'))) return false
    }
    this.#long = true
    return true
  }

  #look(): LogState {
    if (this.#stopped) return { log: 0, checkpointed: 0 }
    try {
      const [row] = this.#reader.database.pragma('wal_checkpoint(NOOP)') as LogState[]
      return { log: Math.max(0, row?.log ?? 0), checkpointed: Math.max(0, row?.checkpointed ?? 0) }
    } catch (error) {
      this.#report(error)
      return { log: 0, checkpointed: 0 }
    }
  }

  async #checkpoint(mode: 'PASSIVE' | 'TRUNCATE'): Promise<boolean> {
    try {
      this.#thread ??= new SqliteWorkerThread(this.#file)
      await this.#thread.ask({ do: 'checkpoint', mode })
      return true
    } catch (error) {
      if (this.#thread?.exited) this.#thread = null
      if (!this.#stopped) this.#report(error)
      return false
    }
  }
}
