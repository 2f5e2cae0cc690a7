import { AsyncLocalStorage } from 'node:async_hooks'
import { AppError } from '../src/lib/errors.ts'
import type { Tables } from './schema/index.ts'
import type { Blueprint } from './statement.ts'
import type { Db, Dialect, EventDraft, Tx } from './store.ts'

/** What both dialects share of a transaction: its end, its savepoints, and what it owes after the commit. */
export abstract class OpenTx implements Tx {
  abstract readonly dialect: Dialect
  abstract readonly t: Tables
  /** Events to write as the last act, in order. */
  readonly events: EventDraft[] = []
  /** What to run after the commit, in order. */
  readonly jobs: (() => void)[] = []
  #parent: OpenTx | null = null
  #ended = false
  #inner = false
  #failure: { readonly error: unknown } | null = null
  #db: Db | null = null

  protected abstract createDb(): Db
  /** Never throws: failures are noted and become rejections. */
  protected abstract runStatement<R>(statement: Blueprint<R>, values: Record<string, unknown>): Promise<R[]>
  /** The transaction as it is seen inside a savepoint. */
  protected abstract createInner(): OpenTx
  protected abstract openSavepoint(): Promise<void> | void
  protected abstract keepSavepoint(): Promise<void> | void
  protected abstract undoSavepoint(): Promise<void> | void

  get db(): Db {
    this.#db ??= this.createDb()
    return this.#db
  }

  /** Whether it may no longer be used: itself over, or the transaction around it. */
  get ended(): boolean {
    return this.#ended || (this.#parent?.ended ?? false)
  }

  /** Ends it: every later call fails. */
  end(): void {
    this.#ended = true
  }

  /**
   * @throws AppError 'bug' after the end, while an inner savepoint is open, and after a failed statement: PostgreSQL refuses
   *   to go on then, so no dialect does. A statement that may fail belongs in a savepoint.
   */
  assertUsable(): void {
    if (this.ended) throw new AppError('bug', 'The transaction is over; its tx cannot be used any more.')
    if (this.#inner) throw new AppError('bug', 'An inner savepoint is open; use the tx given to it.')
    if (this.#failure) {
      throw new AppError(
        'bug',
        'A statement of this transaction failed and was not in a savepoint of its own.',
        {},
        { cause: this.#failure.error },
      )
    }
  }

  /** Notes that a statement failed outside any inner savepoint. */
  protected noteFailure(error: unknown): void {
    this.#failure ??= { error }
  }

  run<R>(statement: Blueprint<R>, values: Record<string, unknown>): Promise<R[]> {
    try {
      this.assertUsable()
    } catch (error) {
      return rejected(error)
    }
    return this.runStatement(statement, values)
  }

  append(event: EventDraft): void {
    this.assertUsable()
    this.events.push(event)
  }

  afterCommit(job: () => void): void {
    this.assertUsable()
    this.jobs.push(job)
  }

  async savepoint<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    this.assertUsable()
    this.#inner = true
    try {
      await this.openSavepoint()
      return await this.#runInner(work)
    } finally {
      this.#inner = false
    }
  }

  async #runInner<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const inner = this.createInner()
    inner.#parent = this
    let result: T
    try {
      result = await work(inner)
      inner.assertUsable()
    } catch (error) {
      inner.end()
      // The whole transaction is already undone when it has ended meanwhile.
      if (!this.ended) await this.undoSavepoint()
      throw error
    }
    inner.end()
    if (this.ended) throw new AppError('bug', 'The transaction ended while its inner savepoint was open.')
    await this.keepSavepoint()
    for (const event of inner.events) this.events.push(event)
    for (const job of inner.jobs) this.jobs.push(job)
    return result
  }
}

/** Knows which transaction an asynchronous flow is in, so that the outer store refuses to be used there. */
export class RunningTx {
  readonly #storage: AsyncLocalStorage<OpenTx> | null

  /** @param guarded whether to keep it at all; without, `assertOutside` says nothing. */
  constructor(guarded: boolean) {
    this.#storage = guarded ? new AsyncLocalStorage<OpenTx>() : null
  }

  /** Runs `work` with `tx` as the flow's transaction; a synchronous throw becomes a rejection. */
  async enter<T>(tx: OpenTx, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#storage === null ? work(tx) : this.#storage.run(tx, work, tx)
  }

  /** @throws AppError 'bug' inside a transaction that has not ended. */
  assertOutside(): void {
    const tx = this.#storage?.getStore()
    if (tx && !tx.ended) throw new AppError('bug', 'The store was used inside a running transaction; use the tx given to it.')
  }
}

/** Runs after-commit jobs and listeners: one that throws is reported and stops no other. */
export function runAll(jobs: Iterable<() => void>, report: (error: unknown) => void): void {
  for (const job of jobs) {
    try {
      job()
    } catch (error) {
      report(error)
    }
  }
}

/** A promise rejected with what was caught. */
export async function rejected(error: unknown): Promise<never> {
  throw error
}

/** The listeners of a store's commits. */
export class CommitListeners {
  readonly #listeners = new Set<(newestSeq: number) => void>()
  readonly #report: (error: unknown) => void

  constructor(report: (error: unknown) => void) {
    this.#report = report
  }

  /** Adds one; the returned function removes it. */
  add(listener: (newestSeq: number) => void): () => void {
    // Wrapped, so that the same function added twice is called twice and removed once.
    const own = (newestSeq: number): void => listener(newestSeq)
    this.#listeners.add(own)
    return () => {
      this.#listeners.delete(own)
    }
  }

  /** Tells all of them, when there is something to tell. */
  notify(newestSeq: number | null): void {
    if (newestSeq === null) return
    for (const listener of this.#listeners) runAll([() => listener(newestSeq)], this.#report)
  }
}
