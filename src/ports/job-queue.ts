/** How a wake-up is kept. */
export interface AddOptions {
  /**
   * At most one job of this name and key waits at a time: a second `add` keeps the payload that
   * waits and the earlier of both due times. A job that already runs does not count as waiting, so
   * an `add` during the run leads to another run. A key must stand for one payload.
   */
  readonly key?: string
  /** Milliseconds before the job becomes due, ≥ 0; 0 when left out. */
  readonly delayMs?: number
}

/** What a handler learns beside its payload. */
export interface JobContext {
  /** Aborted when the grace of `stop` is over: give up at the next safe point. */
  readonly signal: AbortSignal
}

/** Does one job. Runs at least once for each kept wake-up, so it is idempotent. */
export type JobHandler = (payload: unknown, context: JobContext) => Promise<void>

/** How many jobs of one name there are at this moment, over all nodes that share the queue. */
export interface JobCounts {
  readonly waiting: number
  readonly delayed: number
  readonly active: number
  readonly failed: number
}

/** A job whose handler threw. */
export interface FailedJob {
  readonly name: string
  readonly payload: unknown
  /** The error's message; never its stack. */
  readonly error: string
  /** Epoch milliseconds. */
  readonly failedAt: number
}

/**
 * Carries wake-ups, nothing else: what is due stands in a column, and a sweep adds it again, so the
 * queue may lose everything without harm. Attempts and back-off live in those columns too: a job
 * whose handler throws is listed as failed and not run again. A job whose process died is run again
 * where the queue outlives the process.
 */
export interface JobQueue {
  /**
   * Keeps a wake-up; it may begin on any node that processes `name`.
   * @param payload JSON data of at most a few kilobytes: ids, not contents.
   * @throws AppError 'unavailable' when the queue cannot be reached in time; 'bug' after `stop`.
   */
  add(name: string, payload: unknown, options?: AddOptions): Promise<void>
  /**
   * Registers the one handler of `name` on this node; call it before `start`.
   * @param options.concurrency jobs of this name running at once on this node, ≥ 1.
   */
  process(name: string, handler: JobHandler, options?: { readonly concurrency?: number }): void
  /** Begins to run handlers. Resolves when the queue is reachable. */
  start(): Promise<void>
  /**
   * Takes no further job, waits up to `graceMs` for running ones, then aborts their signals and
   * returns. Idempotent.
   */
  stop(graceMs: number): Promise<void>
  /** Counts of each name that this node has processed or added. */
  counts(): Promise<Readonly<Record<string, JobCounts>>>
  /** The newest failed jobs first, at most 100 of each name. */
  failed(): Promise<readonly FailedJob[]>
}
