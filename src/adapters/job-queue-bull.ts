import Bull from 'bull'
import type { Redis } from 'ioredis'
import { AppError } from '../lib/errors.ts'
import { newId } from '../lib/ids.ts'
import type { Log } from '../lib/log.ts'
import type { Clock } from '../ports/clock.ts'
import type { AddOptions, FailedJob, JobCounts, JobHandler, JobQueue } from '../ports/job-queue.ts'
import { createKeyMarks, type KeyMarks } from './job-queue-bull-keys.ts'
import { openRedis, redisReady, within } from './redis-connection.ts'

/** How long `add` and `start` wait for Redis, milliseconds. */
const addTimeoutMs = 2_000
const startTimeoutMs = 10_000
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
}

/**
 * A job queue on Redis, shared by all nodes with the same `prefix`. Each name is a Bull queue of its
 * own: within one queue Bull adds up the concurrency of all names and fails jobs whose name this node
 * does not process.
 */
export function createBullJobQueue(options: BullJobQueueOptions): JobQueue {
  const { redisUrl, clock, log, prefix = 'onequeue' } = options
  const connections: Redis[] = []
  const connect = (): Redis => {
    const redis = openRedis(redisUrl, log)
    connections.push(redis)
    return redis
  }
  const client = connect()
  const marks = createKeyMarks(client, `{${prefix}}:key`, clock)
  const lanes = new Map<string, Lane>()
  const abort = new AbortController()
  const open = createQueueOpener(options, client, connect)
  let state: 'new' | 'running' | 'stopped' = 'new'

  const laneOf = (name: string): Lane => {
    let lane = lanes.get(name)
    if (!lane) lanes.set(name, (lane = { queue: open(name), concurrency: 1 }))
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
    for (const [name, { queue, handler, concurrency }] of lanes) {
      if (!handler) continue
      const work = (job: Bull.Job<Stored>): Promise<void> => run(marks, name, handler, job, abort.signal)
      queue.process(concurrency, work).catch((err: unknown) => log.error({ err, job: name }, 'A job queue ended.'))
    }
  }

  const stop = async (graceMs: number): Promise<void> => {
    if (state === 'stopped') return
    state = 'stopped'
    const closed = Promise.allSettled([...lanes.values()].map(({ queue }) => queue.close()))
    await Promise.race([closed, new Promise<void>((resolve) => void clock.after(graceMs, resolve))])
    abort.abort()
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
  connect: () => Redis,
): (name: string) => Bull.Queue<Stored> {
  let subscriber: Redis | undefined
  return (name) => {
    const queue = new Bull<Stored>(name, {
      prefix: `{${prefix}}`,
      // Bull blocks a connection of each queue while it waits; commands and subscriptions are shared.
      createClient: (type) => {
        if (type === 'client') return client
        if (type === 'subscriber') return (subscriber ??= connect())
        return connect()
      },
      settings: { lockDuration: lockMs, stalledInterval: lockMs, maxStalledCount: maxRuns - 1 },
    })
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
async function addKeyed(queue: Bull.Queue<Stored>, marks: KeyMarks, name: string, key: string, payload: unknown, delayMs: number): Promise<void> {
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
