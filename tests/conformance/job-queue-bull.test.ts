import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, expect, test, vi } from 'vitest'
import { createSystemClock } from '../../src/adapters/clock-system.ts'
import { createBullJobQueue } from '../../src/adapters/job-queue-bull.ts'
import { newId } from '../../src/lib/ids.ts'
import { createLog } from '../../src/lib/log.ts'
import type { JobQueue } from '../../src/ports/job-queue.ts'
import { redisUrl, startRedis } from '../support/redis.ts'

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

function make(url: string, prefix: string, more: { lockMs?: number; startTimeoutMs?: number } = {}): JobQueue {
  const queue = createBullJobQueue({
    redisUrl: url,
    prefix,
    clock: createSystemClock(),
    log: createLog({ level: 'silent' }),
    ...more,
  })
  stops.push(() => queue.stop(0))
  return queue
}

const eventually = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 18_000, interval: 10 })

test('two nodes share the jobs, each job runs once', async () => {
  const prefix = `test-${newId()}`
  const seen: number[] = []
  const takenBy = new Set<number>()
  for (const node of [1, 2]) {
    const queue = make(redisUrl(), prefix)
    queue.process('shared', async (payload) => {
      takenBy.add(node)
      seen.push(Number(payload))
      await new Promise((resolve) => setImmediate(resolve))
    })
    await queue.start()
  }
  const producer = make(redisUrl(), prefix)
  await Promise.all(Array.from({ length: 100 }, (_, i) => producer.add('shared', i)))
  await eventually(() => expect(seen).toHaveLength(100))
  expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i))
  expect(takenBy.size).toBe(2)
})

test('a node that only adds takes no job of a name it does not process', async () => {
  const prefix = `test-${newId()}`
  const front = make(redisUrl(), prefix)
  front.process('other', async () => undefined)
  await front.start()
  await front.add('elsewhere', 1)
  expect((await front.counts())['elsewhere']).toEqual({ waiting: 1, delayed: 0, active: 0, failed: 0 })
})

test('a job whose node was killed runs again on another', async () => {
  const prefix = `test-${newId()}`
  const survivor = make(redisUrl(), prefix, { lockMs: 1_000 })
  await survivor.add('fatal', 'precious')
  const args = ['--import', 'tsx', 'tests/support/job-queue-child.ts', redisUrl(), prefix]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  stops.push(async () => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  const seen: unknown[] = []
  survivor.process('fatal', async (payload) => void seen.push(payload))
  await survivor.start()
  await eventually(() => expect(seen).toEqual(['precious']))
})

test('while Redis is away adding fails at once, and all goes on when it is back', async () => {
  const redis = await startRedis()
  stops.push(redis.stop)
  const queue = make(redis.url, 'test')
  const seen: unknown[] = []
  queue.process('work', async (payload) => void seen.push(payload))
  await queue.start()
  await queue.add('work', 'before')
  await eventually(() => expect(seen).toEqual(['before']))
  await redis.stop()
  await eventually(() => expect(queue.add('work', 'lost')).rejects.toMatchObject({ kind: 'unavailable' }))
  const back = await startRedis(Number(new URL(redis.url).port))
  stops.push(back.stop)
  await eventually(() => queue.add('work', 'after', { key: 'same' }))
  await eventually(() => expect(seen).toContain('after'))
})

test('starting without Redis fails with a sentence', async () => {
  const redis = await startRedis()
  await redis.stop()
  const queue = make(redis.url, 'test', { startTimeoutMs: 300 })
  await expect(queue.start()).rejects.toThrow(/check REDIS_URL/)
})
