import { AsyncResource } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../src/lib/errors.ts'
import { type CommitListeners, type RunningTx, runAll } from './open-tx.ts'
import { isBusyOrFull, toStoreError } from './portable.ts'
import type { Checkpoints } from './sqlite-checkpoints.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import { createSqliteControl, type SqliteControl, SqliteTx } from './sqlite-tx.ts'
import type { StoreSettings, Tx } from './store.ts'
import { TimeLimit } from './time-limit.ts'

/** Most transactions in one commit: more would only lengthen the wait of the first. */
const groupLimit = 128
/** Pauses between attempts while another process holds the write lock, milliseconds; the last one repeats. */
const lockPausesMs = [1, 2, 5, 10, 20, 50]

interface Waiting {
  readonly kind: 'transaction' | 'alone'
  readonly work: (tx: Tx) => Promise<unknown>
  /** The caller's asynchronous context, so that its own stores (a request id) hold inside the work. */
  readonly caller: AsyncResource
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** A member that has run; its promise settles with the group. */
type Finished = { readonly of: Waiting } & (
  | {
      readonly ok: true
      readonly value: unknown
      readonly jobs: readonly (() => void)[]
      readonly newestSeq: number | null
    }
  | { readonly ok: false; readonly error: unknown }
)

/** What a group commit needs of its store. */
export interface GroupCommitParts {
  readonly connection: SqliteConnection
  readonly running: RunningTx
  readonly listeners: CommitListeners
  readonly settings: StoreSettings
  readonly checkpoints: Checkpoints | null
}

/**
 * Gives the write connection to one piece of work at a time, in order of asking. Transactions that wait at the same moment
 * share one BEGIN IMMEDIATE … COMMIT, each in a savepoint of its own, and settle only after the COMMIT: a failing one undoes
 * itself alone, a failing COMMIT fails all of its group. Between groups the event loop turns once, which is when requests
 * that arrived meanwhile join the next group.
 */
export class GroupCommit {
  readonly #parts: GroupCommitParts
  readonly #control: SqliteControl
  #waiting: Waiting[] = []
  #draining = false
  #idle: (() => void)[] = []
  readonly #timeLimit: TimeLimit

  constructor(parts: GroupCommitParts) {
    this.#parts = parts
    this.#control = createSqliteControl(parts.connection)
    this.#timeLimit = new TimeLimit(parts.settings.transactionLimitMs)
  }

  /** Runs `work` in a transaction; settles after the group's commit. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#enqueue('transaction', work)
  }

  /** Runs `work` on the connection with no transaction open and none other beside it. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#enqueue('alone', work)
  }

  /** Resolves when nothing waits or runs. */
  settled(): Promise<void> {
    if (!this.#draining) return Promise.resolve()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  #enqueue<T>(kind: Waiting['kind'], work: (tx: Tx) => Promise<T>): Promise<T> {
    if (this.#waiting.length >= this.#parts.settings.maxWaiting) {
      return Promise.reject(new AppError('unavailable', 'Too many transactions are waiting for the database. Try again shortly.'))
    }
    return new Promise<T>((resolve, reject) => {
      // The value that comes back is the one `work` gave, so it is a T.
      this.#waiting.push({
        kind,
        work,
        caller: new AsyncResource('StoreTransaction'),
        resolve: resolve as (value: unknown) => void,
        reject,
      })
      if (this.#draining) return
      this.#draining = true
      setImmediate(() => void this.#drain())
    })
  }

  async #drain(): Promise<void> {
    for (;;) {
      const first = this.#waiting[0]
      if (!first) break
      if (first.kind === 'alone') await this.#runAlone()
      else await this.#runGroup()
      await nextTurn()
    }
    this.#draining = false
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  async #runAlone(): Promise<void> {
    const waiting = this.#waiting.shift()
    if (!waiting) return
    // No transaction is open, but using the store inside would wait for this very turn: the guard must see one.
    const turn = new SqliteTx(this.#parts.connection, this.#control)
    try {
      waiting.resolve(await waiting.caller.runInAsyncScope(runEntered, undefined, this.#parts.running, turn, waiting.work))
    } catch (error) {
      waiting.reject(toStoreError(error))
    } finally {
      turn.end()
    }
  }

  async #runGroup(): Promise<void> {
    try {
      if (this.#parts.checkpoints?.overdue) await this.#parts.checkpoints.catchUp()
      await this.#begin()
    } catch (error) {
      for (const waiting of this.#waiting.splice(0)) waiting.reject(toStoreError(error))
      return
    }
    const finished = await this.#runMembers()
    try {
      this.#commit()
    } catch (error) {
      const cause = finished.findLast((member) => !member.ok && isBusyOrFull(member.error))
      const failure = groupFailure(cause && !cause.ok ? cause.error : error)
      for (const { of } of finished) of.reject(failure)
      return
    }
    this.#settle(finished)
  }

  async #begin(): Promise<void> {
    const giveUpAtMs = performance.now() + this.#parts.settings.lockWaitMs
    for (let attempt = 0; ; attempt++) {
      try {
        this.#control.begin()
        return
      } catch (error) {
        if (!isBusyOrFull(error) || performance.now() >= giveUpAtMs) throw error
        await sleep(lockPausesMs[Math.min(attempt, lockPausesMs.length - 1)])
      }
    }
  }

  #commit(): void {
    const { database } = this.#parts.connection
    // A failing disk makes SQLite roll back everything by itself.
    if (!database.inTransaction) throw new AppError('unavailable', 'The database rolled the transaction back by itself.')
    try {
      this.#control.commit()
    } catch (error) {
      if (database.inTransaction) this.#control.rollback()
      throw error
    }
  }

  async #runMembers(): Promise<Finished[]> {
    const finished: Finished[] = []
    const { database } = this.#parts.connection
    const startedAtMs = performance.now()
    this.#timeLimit.watch()
    while (database.inTransaction && finished.length < groupLimit && performance.now() - startedAtMs < this.#parts.settings.groupBudgetMs) {
      if (this.#waiting[0]?.kind !== 'transaction') break
      const waiting = this.#waiting.shift()
      if (waiting) finished.push(await this.#runMember(waiting))
    }
    this.#timeLimit.stop()
    return finished
  }

  async #runMember(waiting: Waiting): Promise<Finished> {
    const { connection, running } = this.#parts
    const tx = new SqliteTx(connection, this.#control)
    try {
      this.#control.member.open()
      const value = await this.#timeLimit.run(() => waiting.caller.runInAsyncScope(runEntered, undefined, running, tx, waiting.work))
      tx.assertUsable()
      tx.end()
      const newestSeq = tx.writeEvents()
      this.#control.member.release()
      return { of: waiting, ok: true, value, jobs: tx.jobs, newestSeq }
    } catch (error) {
      tx.end()
      this.#undoMember()
      return { of: waiting, ok: false, error }
    }
  }

  #undoMember(): void {
    if (!this.#parts.connection.database.inTransaction) return
    try {
      this.#control.member.rollbackTo()
      this.#control.member.release()
    } catch {
      // Without a sure way back to the state before this member, none of the group may be kept.
      if (this.#parts.connection.database.inTransaction) this.#control.rollback()
    }
  }

  #settle(finished: readonly Finished[]): void {
    const { listeners, settings, checkpoints } = this.#parts
    let newestSeq: number | null = null
    for (const member of finished) {
      if (!member.ok) {
        member.of.reject(toStoreError(member.error))
        continue
      }
      member.of.resolve(member.value)
      if (member.jobs.length > 0) member.of.caller.runInAsyncScope(runAll, undefined, member.jobs, settings.report)
      newestSeq = member.newestSeq ?? newestSeq
    }
    checkpoints?.noteCommit()
    listeners.notify(newestSeq)
  }
}

function runEntered(running: RunningTx, tx: SqliteTx, work: (tx: Tx) => Promise<unknown>): Promise<unknown> {
  return running.enter(tx, work)
}

function groupFailure(error: unknown): unknown {
  const known = toStoreError(error)
  if (known instanceof AppError) return known
  return new AppError('unavailable', 'The commit failed; nothing of it was stored.', {}, { cause: error })
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
