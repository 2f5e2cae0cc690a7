import { AsyncLocalStorage } from 'node:async_hooks'
import { AppError } from '../lib/errors.ts'
import type { Cancel, Clock } from '../ports/clock.ts'
import type { AddOptions, FailedJob, JobCounts, JobHandler, JobQueue } from '../ports/job-queue.ts'

/** How many failed jobs of one name are remembered. */
const failedKept = 100

interface Job {
  readonly name: string
  readonly key: string | undefined
  /** JSON text, so that a handler gets data of its own, as it would from Redis. */
  readonly payload: string
  readonly dueMs: number
}

interface Lane {
  readonly name: string
  handler: JobHandler | undefined
  concurrency: number
  readonly waiting: Job[]
  readonly delayed: Map<Job, Cancel>
  readonly keyed: Map<string, Job>
  readonly failed: FailedJob[]
  active: number
}

/**
 * A job queue inside this process; it forgets everything when the process ends. Jobs without a delay
 * begin in a later turn of the event loop, delayed ones by `clock`.
 */
export function createMemoryJobQueue(clock: Clock): JobQueue {
  const lanes = new Map<string, Lane>()
  const idle = new Set<() => void>()
  const abort = new AbortController()
  /** Handlers run outside the caller's async context: a job added after a commit is no part of that transaction. */
  const outside = AsyncLocalStorage.snapshot()
  let state: 'new' | 'running' | 'stopped' = 'new'

  const laneOf = (name: string): Lane => {
    let lane = lanes.get(name)
    if (!lane) lanes.set(name, (lane = newLane(name)))
    return lane
  }

  const pump = (lane: Lane): void => {
    if (state !== 'running' || !lane.handler) return
    while (lane.active < lane.concurrency) {
      const job = lane.waiting.shift()
      if (!job) return
      forgetKey(lane, job)
      lane.active += 1
      void run(lane, lane.handler, job)
    }
  }

  const run = async (lane: Lane, handler: JobHandler, job: Job): Promise<void> => {
    const payload: unknown = JSON.parse(job.payload)
    try {
      await handler(payload, { signal: abort.signal })
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      lane.failed.unshift({ name: lane.name, payload, error: message, failedAt: clock.now() })
      lane.failed.length = Math.min(lane.failed.length, failedKept)
    }
    lane.active -= 1
    if (activeJobs(lanes) === 0) for (const wake of idle) wake()
    pump(lane)
  }

  const makeReady = (lane: Lane, job: Job): void => {
    lane.delayed.delete(job)
    lane.waiting.push(job)
    outside(() => setImmediate(pump, lane))
  }

  const add = async (name: string, payload: unknown, { key, delayMs = 0 }: AddOptions = {}): Promise<void> => {
    if (state === 'stopped') throw new AppError('bug', `The job queue has stopped; "${name}" was added too late.`)
    const lane = laneOf(name)
    const job: Job = { name, key, payload: JSON.stringify(payload ?? null), dueMs: clock.monotonicMs() + delayMs }
    if (key !== undefined) {
      const waits = lane.keyed.get(key)
      if (waits && waits.dueMs <= job.dueMs) return
      if (waits) lane.delayed.get(waits)?.()
      if (waits) lane.delayed.delete(waits)
      lane.keyed.set(key, job)
    }
    if (delayMs <= 0) makeReady(lane, job)
    else
      lane.delayed.set(
        job,
        outside(() => clock.after(delayMs, () => makeReady(lane, job))),
      )
  }

  const stop = async (graceMs: number): Promise<void> => {
    if (state !== 'stopped') {
      state = 'stopped'
      for (const lane of lanes.values()) for (const cancel of lane.delayed.values()) cancel()
      for (const lane of lanes.values()) lane.delayed.clear()
    }
    if (activeJobs(lanes) > 0) await raceIdle(clock, idle, graceMs)
    abort.abort()
  }

  return {
    add,
    process: (name, handler, { concurrency = 1 } = {}) => {
      const lane = laneOf(name)
      if (lane.handler) throw new AppError('bug', `The job "${name}" has a handler already.`)
      lane.handler = handler
      lane.concurrency = concurrency
    },
    start: async () => {
      if (state !== 'new') throw new AppError('bug', 'The job queue was started before.')
      state = 'running'
      for (const lane of lanes.values()) outside(() => setImmediate(pump, lane))
    },
    stop,
    counts: async () => Object.fromEntries([...lanes.values()].map((lane) => [lane.name, countsOf(lane)])),
    failed: async () => [...lanes.values()].flatMap((lane) => lane.failed),
  }
}

function newLane(name: string): Lane {
  const lists = { waiting: [], delayed: new Map(), keyed: new Map(), failed: [] }
  return { name, handler: undefined, concurrency: 1, active: 0, ...lists }
}

function forgetKey(lane: Lane, job: Job): void {
  if (job.key !== undefined && lane.keyed.get(job.key) === job) lane.keyed.delete(job.key)
}

function countsOf(lane: Lane): JobCounts {
  return { waiting: lane.waiting.length, delayed: lane.delayed.size, active: lane.active, failed: lane.failed.length }
}

function activeJobs(lanes: ReadonlyMap<string, Lane>): number {
  let sum = 0
  for (const { active } of lanes.values()) sum += active
  return sum
}

/** Resolves when one of `idle` is called or `graceMs` are over. */
function raceIdle(clock: Clock, idle: Set<() => void>, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(graceMs, done)
    function done(): void {
      cancel()
      idle.delete(done)
      resolve()
    }
    idle.add(done)
  })
}
