import Bull from 'bull'
import type { Redis } from 'ioredis'
import { AppError } from '../lib/errors.ts'
import { newId } from '../lib/ids.ts'
import type { Log } from '../lib/log.ts'
import type { Clock } from '../ports/clock.ts'
import type { AddOptions, FailedJob, JobCounts, JobHandler, JobQueue } from '../ports/job-queue.ts'
import { createKeyMarks, type KeyMarks } from './job-queue-bull-keys.ts'
import { openRedis, redisReady, within } from './redis-connection.ts'

/** How long `add` waits for Redis, milliseconds. */
const addTimeoutMs = 2_000
/** How long the last commands may take when the queue stops, milliseconds. */
const quitTimeoutMs = 500
/** How many failed jobs of one name are kept. */
const failedKept = 100
/** How often a job is run again after its process died; one that kills every process ends as failed. */
const maxRuns = 3

/** What the Bull job queue needs. */
export interface BullJobQueueOptions {
  readonly redisUrl: string
  readonly clock: Clock
  readonly log: Log
  /** First part of all keys; 'onequeue' when left out. */
  readonly prefix?: string
  /** After this silence of its process a running job is taken for dead and run elsewhere, milliseconds; 30,000 when left out. */
  readonly lockMs?: number
  /** How long `start` waits for Redis, milliseconds; 10,000 when left out. */
  readonly startTimeoutMs?: number
}

/** What is stored for one job. */
interface Stored {
  readonly key?: string
  readonly payload: unknown
}

interface Lane {
  readonly queue: Bull.Queue<Stored>
  handler?: JobHandler
  concurrency: number
  /** Jobs of this node whose handler runs or whose outcome is not written yet. */
  readonly active: Set<Bull.JobId>
}

/**
 * A job queue on Redis, shared by all nodes with the same `prefix`. Each name is a Bull queue of its
 * own: within one queue Bull adds up the concurrency of all names and fails jobs whose name this node
 * does not process.
 */
export function createBullJobQueue(options: BullJobQueueOptions): JobQueue {
  const { redisUrl, clock, log, prefix = 'onequeue', startTimeoutMs = 10_000 } = options
  const connections: Redis[] = []
  const blocking: Redis[] = []
  const connect = (type: 'client' | 'subscriber' | 'bclient'): Redis => {
    const redis = openRedis(redisUrl, log)
    connections.push(redis)
    if (type === 'bclient') blocking.push(redis)
    return redis
  }
  const client = connect('client')
  const marks = createKeyMarks(client, `{${prefix}}:key`, clock)
  const lanes = new Map<string, Lane>()
  const abort = new AbortController()
  const open = createQueueOpener(options, client, connect)
  let state: 'new' | 'running' | 'stopped' = 'new'
  let idle = (): void => undefined

  const laneOf = (name: string): Lane => {
    let lane = lanes.get(name)
    if (!lane) lanes.set(name, (lane = { queue: open(name), concurrency: 1, active: new Set() }))
    return lane
  }

  const add = async (name: string, payload: unknown, { key, delayMs = 0 }: AddOptions = {}): Promise<void> => {
    if (state === 'stopped') throw new AppError('bug', `The job queue has stopped; "${name}" was added too late.`)
    if (state === 'running' && client.status !== 'ready') throw new AppError('unavailable', 'Redis is away; the wake-up was not kept.')
    const { queue } = laneOf(name)
    const kept = key === undefined ? addPlain(queue, payload, delayMs) : addKeyed(queue, marks, name, key, payload, delayMs)
    await within(kept, addTimeoutMs, 'Redis did not answer in time; the wake-up may not have been kept.')
  }

  const start = async (): Promise<void> => {
    if (state !== 'new') throw new AppError('bug', 'The job queue was started before.')
    await redisReady(client, startTimeoutMs)
    state = 'running'
    for (const [name, { queue, handler, concurrency, active }] of lanes) {
      if (!handler) continue
      const work = (job: Bull.Job<Stored>): Promise<void> => run(marks, name, handler, job, abort.signal)
      queue.on('active', (job) => active.add(job.id))
      const over = (job: Bull.Job<Stored>): void => {
        active.delete(job.id)
        if (total(lanes) === 0) idle()
      }
      queue.on('completed', over).on('failed', over)
      queue.process(concurrency, work).catch((err: unknown) => {
        if (state === 'running') log.error({ err, job: name }, 'The jobs of one name are no longer taken.')
      })
    }
  }

  const stop = async (graceMs: number): Promise<void> => {
    if (state === 'stopped') return
    state = 'stopped'
    // Bull's own waiting for jobs leaves a rejection that nobody handles when the connection goes first, so it
    // pauses without waiting. It would then ask the blocked connection to quit and give up after half a second;
    // cutting the connection makes that instant.
    const paused = Promise.allSettled([...lanes.values()].map(({ queue }) => queue.pause(true, true)))
    await new Promise((resolve) => setImmediate(resolve))
    for (const redis of blocking) redis.disconnect()
    await paused
    if (total(lanes) > 0) await soonest(clock, graceMs, new Promise<void>((resolve) => void (idle = resolve)))
    abort.abort()
    await Promise.allSettled([...lanes.values()].map(({ queue }) => queue.close(true)))
    if (client.status === 'ready') await within(client.quit(), quitTimeoutMs, '').catch(() => undefined)
    for (const redis of connections) redis.disconnect()
  }

  return {
    add,
    process: (name, handler, { concurrency = 1 } = {}) => {
      const lane = laneOf(name)
      if (lane.handler) throw new AppError('bug', `The job "${name}" has a handler already.`)
      lane.handler = handler
      lane.concurrency = concurrency
    },
    start,
    stop,
    counts: async () => Object.fromEntries(await Promise.all([...lanes].map(countsOf))),
    failed: async () => (await Promise.all([...lanes].map(failedOf))).flat(),
  }
}

function createQueueOpener(
  { log, prefix = 'onequeue', lockMs = 30_000 }: BullJobQueueOptions,
  client: Redis,
  connect: (type: 'subscriber' | 'bclient') => Redis,
): (name: string) => Bull.Queue<Stored> {
  let subscriber: Redis | undefined
  return (name) => {
    const queue = new Bull<Stored>(name, {
      prefix: `{${prefix}}`,
      // Bull blocks a connection of each queue while it waits; commands and subscriptions are shared.
      createClient: (type) => {
        if (type === 'client') return client
        if (type === 'subscriber') return (subscriber ??= connect(type))
        return connect(type)
      },
      settings: { lockDuration: lockMs, stalledInterval: lockMs, maxStalledCount: maxRuns - 1 },
    })
    // Bull names its connection without waiting for the answer, which becomes an unhandled rejection when the
    // queue stops early; `openRedis` has named it already.
    Object.assign(queue, { setWorkerName: () => Promise.resolve() })
    queue.on('error', (err) => log.warn({ err, job: name }, 'The job queue had an error.'))
    queue.on('failed', (job, err) => log.error({ err, job: name, jobId: String(job.id) }, 'A job failed.'))
    return queue
  }
}

const keepOptions = { attempts: 1, removeOnComplete: true, removeOnFail: failedKept, stackTraceLimit: 1 } as const

async function addPlain(queue: Bull.Queue<Stored>, payload: unknown, delayMs: number): Promise<void> {
  await queue.add({ payload }, { ...keepOptions, jobId: newId(), delay: delayMs })
}

/**
 * Bull's own `jobId` does not serve as key: it swallows an `add` while the job runs, so the wake-up
 * would be lost. A mark beside the queue says which job waits for a key.
 */
async function addKeyed(
  queue: Bull.Queue<Stored>,
  marks: KeyMarks,
  name: string,
  key: string,
  payload: unknown,
  delayMs: number,
): Promise<void> {
  const jobId = newId()
  const claim = await marks.claim(name, key, jobId, delayMs)
  if (!claim.won) return
  await queue.add({ key, payload }, { ...keepOptions, jobId, delay: delayMs })
  if (claim.replaces) await removeJob(queue, claim.replaces)
}

/** The later job of a key may have begun meanwhile; then it runs, as any job may twice. */
async function removeJob(queue: Bull.Queue<Stored>, jobId: string): Promise<void> {
  const job = await queue.getJob(jobId)
  await job?.remove().catch(() => undefined)
}

async function run(marks: KeyMarks, name: string, handler: JobHandler, job: Bull.Job<Stored>, signal: AbortSignal): Promise<void> {
  if (job.data.key !== undefined) await marks.release(name, job.data.key, String(job.id))
  await handler(job.data.payload, { signal })
}

function total(lanes: ReadonlyMap<string, Lane>): number {
  let sum = 0
  for (const { active } of lanes.values()) sum += active.size
  return sum
}

/** Resolves with `event` or when `ms` are over. */
function soonest(clock: Clock, ms: number, event: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, resolve)
    void event.then(() => {
      cancel()
      resolve()
    })
  })
}

async function countsOf([name, { queue }]: [string, Lane]): Promise<[string, JobCounts]> {
  const { waiting, delayed, active, failed } = await queue.getJobCounts()
  return [name, { waiting, delayed, active, failed }]
}

async function failedOf([name, { queue }]: [string, Lane]): Promise<FailedJob[]> {
  const jobs = await queue.getFailed(0, failedKept - 1)
  return jobs.map((job) => ({
    name,
    payload: job.data.payload,
    error: job.failedReason ?? '',
    failedAt: job.finishedOn ?? job.timestamp,
  }))
}
