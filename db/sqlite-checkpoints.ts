import { stat } from 'node:fs/promises'
import { SqliteWorkerThread } from './sqlite-worker-thread.ts'

/** Between checkpoints while commits arrive. */
const intervalMs = 100
/** Below this size the log is left alone: an idle or small hub needs no worker thread. */
const worthwhileBytes = 1024 * 1024
/** Above this size, in pages of 4 KiB (64 MiB), the next group waits for one checkpoint, after which SQLite starts the log anew. */
const overduePages = 16_384
/** A log that grew beyond this, in pages (8 MiB), is cut off once the load has gone. */
const truncatePages = 2_048
/** After a failed checkpoint, milliseconds. */
const failurePauseMs = 5_000

/**
 * Moves committed pages from the write-ahead log into the database file, in a worker thread: a checkpoint on the writing
 * thread is the p99.9 of grouped commits. PASSIVE checkpoints disturb neither readers nor the writer.
 */
export class Checkpoints {
  readonly #file: string
  readonly #report: (error: unknown) => void
  #thread: SqliteWorkerThread | null = null
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> | null = null
  #commits = 0
  #logPages = 0
  #stopped = false

  constructor(file: string, report: (error: unknown) => void) {
    this.#file = file
    this.#report = report
    // A log left by a crash may be long already.
    this.noteCommit()
  }

  /** Notes that the log has grown. */
  noteCommit(): void {
    this.#commits++
    if (!this.#timer && !this.#running) this.#schedule(intervalMs)
  }

  /** Whether the log is so long that the writer should call `catchUp` before it goes on. */
  get overdue(): boolean {
    return this.#logPages > overduePages
  }

  /** One checkpoint with no writer beside it, so that the next commit may start the log anew. Reports its failure, never throws. */
  async catchUp(): Promise<void> {
    await this.#running
    if (!this.#stopped) await this.#checkpoint('PASSIVE')
    // A reader that holds old pages (a backup) must not stop the writer for ever.
    this.#logPages = 0
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
        if (this.#commits > 0 && !this.#timer) this.#schedule(intervalMs)
      })
    }, pauseMs)
    this.#timer.unref()
  }

  async #tick(): Promise<void> {
    this.#commits = 0
    if (!this.#thread && (await this.#logBytes()) < worthwhileBytes) return
    await this.#checkpoint('PASSIVE')
    if (this.#logPages > truncatePages && this.#commits === 0) await this.#checkpoint('TRUNCATE')
  }

  async #logBytes(): Promise<number> {
    try {
      return (await stat(`${this.#file}-wal`)).size
    } catch {
      return 0
    }
  }

  async #checkpoint(mode: 'PASSIVE' | 'TRUNCATE'): Promise<void> {
    try {
      this.#thread ??= new SqliteWorkerThread(this.#file)
      const { logPages } = await this.#thread.ask({ do: 'checkpoint', mode })
      this.#logPages = Math.max(0, logPages)
    } catch (error) {
      if (this.#thread?.exited) this.#thread = null
      if (this.#stopped) return
      this.#report(error)
      if (!this.#timer) this.#schedule(failurePauseMs)
    }
  }
}
