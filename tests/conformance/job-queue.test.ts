import { afterEach, describe, expect, test, vi } from 'vitest'
import { createFakeClock, type FakeClock } from '../../src/adapters/clock-fake.ts'
import { createSystemClock } from '../../src/adapters/clock-system.ts'
import { createBullJobQueue } from '../../src/adapters/job-queue-bull.ts'
import { createMemoryJobQueue } from '../../src/adapters/job-queue-memory.ts'
import { newId } from '../../src/lib/ids.ts'
import { createLog } from '../../src/lib/log.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { JobQueue } from '../../src/ports/job-queue.ts'
import { redisUrl } from '../support/redis.ts'

/** One queue under test. */
interface Bench {
  readonly queue: JobQueue
  readonly clock: Clock
  /** Lets so much of the queue's time pass. */
  pass(ms: number): Promise<void>
}

const benches: Readonly<Record<string, () => Bench>> = {
  memory: () => {
    const clock: FakeClock = createFakeClock()
    return { queue: createMemoryJobQueue(clock), clock, pass: (ms) => clock.advance(ms) }
  },
  bull: () => {
    const clock = createSystemClock()
    const queue = createBullJobQueue({
      redisUrl: redisUrl(),
      clock,
      log: createLog({ level: 'silent' }),
      prefix: `test-${newId()}`,
    })
    return { queue, clock, pass: (ms) => new Promise((resolve) => void clock.after(ms, resolve)) }
  },
}

/** Waits for what happens in its own time; the limit is for machines under load. */
const eventually = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 15_000, interval: 5 })

describe.each(Object.keys(benches))('job queue: %s', (kind) => {
  const stops: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop()
  })

  const make = (): Bench => {
    const bench = benches[kind]?.()
    if (!bench) throw new Error(`No bench "${kind}".`)
    stops.push(() => bench.queue.stop(0))
    return bench
  }

  test('a job runs once with a copy of its payload', async () => {
    const { queue } = make()
    const seen: unknown[] = []
    queue.process('greet', async (payload) => void seen.push(payload))
    await queue.start()
    const payload = { name: 'Ana', tags: ['a'] }
    await queue.add('greet', payload)
    payload.tags.push('b')
    await eventually(() => expect(seen).toEqual([{ name: 'Ana', tags: ['a'] }]))
    await eventually(async () => expect((await queue.counts())['greet']).toEqual({ waiting: 0, delayed: 0, active: 0, failed: 0 }))
  })

  test('a job added before the start waits for it', async () => {
    const { queue } = make()
    const seen: unknown[] = []
    queue.process('early', async (payload) => void seen.push(payload))
    await queue.add('early', 1)
    expect((await queue.counts())['early']?.waiting).toBe(1)
    expect(seen).toEqual([])
    await queue.start()
    await eventually(() => expect(seen).toEqual([1]))
  })

  test('jobs without a delay begin in order of adding', async () => {
    const { queue } = make()
    const seen: unknown[] = []
    queue.process('ordered', async (payload) => void seen.push(payload))
    await queue.start()
    for (let i = 0; i < 20; i += 1) await queue.add('ordered', i)
    await eventually(() => expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => i)))
  })

  test('a delayed job begins not before its time', async () => {
    const { queue, clock, pass } = make()
    const begun: number[] = []
    queue.process('later', async () => void begun.push(clock.now()))
    await queue.start()
    const addedAt = clock.now()
    await queue.add('later', null, { delayMs: 400 })
    await eventually(async () => expect((await queue.counts())['later']?.delayed).toBe(1))
    await pass(400)
    await eventually(() => expect(begun).toHaveLength(1))
    expect((begun[0] ?? 0) - addedAt).toBeGreaterThanOrEqual(400)
  })

  test('at most one job of a key waits', async () => {
    const { queue } = make()
    let runs = 0
    queue.process('sweep', async () => {
      runs += 1
    })
    await Promise.all(Array.from({ length: 20 }, () => queue.add('sweep', 'x', { key: 'k' })))
    await queue.add('sweep', 'y', { key: 'other' })
    expect((await queue.counts())['sweep']?.waiting).toBe(2)
    await queue.start()
    await eventually(async () => expect((await queue.counts())['sweep']).toEqual({ waiting: 0, delayed: 0, active: 0, failed: 0 }))
    expect(runs).toBe(2)
  })

  test('a key keeps the earlier of two due times', async () => {
    const { queue } = make()
    const seen: unknown[] = []
    queue.process('due', async (payload) => void seen.push(payload))
    await queue.start()
    await queue.add('due', 'k', { key: 'k', delayMs: 3_600_000 })
    await queue.add('due', 'k', { key: 'k', delayMs: 7_200_000 })
    expect((await queue.counts())['due']).toMatchObject({ delayed: 1, waiting: 0 })
    await queue.add('due', 'k', { key: 'k' })
    await eventually(() => expect(seen).toEqual(['k']))
    await eventually(async () => expect((await queue.counts())['due']).toEqual({ waiting: 0, delayed: 0, active: 0, failed: 0 }))
  })

  test('a key added while its job runs leads to another run', async () => {
    const { queue } = make()
    const gates: (() => void)[] = []
    queue.process('again', () => new Promise((resolve) => void gates.push(resolve)))
    await queue.start()
    await queue.add('again', 1, { key: 'k' })
    await eventually(() => expect(gates).toHaveLength(1))
    await queue.add('again', 1, { key: 'k' })
    await queue.add('again', 1, { key: 'k' })
    expect((await queue.counts())['again']).toMatchObject({ active: 1, waiting: 1 })
    gates[0]?.()
    await eventually(() => expect(gates).toHaveLength(2))
    gates[1]?.()
    await eventually(async () => expect((await queue.counts())['again']).toMatchObject({ active: 0, waiting: 0 }))
    expect(gates).toHaveLength(2)
  })

  test('a key is free again after its job', async () => {
    const { queue } = make()
    const seen: unknown[] = []
    queue.process('repeat', async (payload) => void seen.push(payload))
    await queue.start()
    for (const round of [1, 2, 3]) {
      await queue.add('repeat', round, { key: 'k' })
      await eventually(() => expect(seen).toHaveLength(round))
    }
    expect(seen).toEqual([1, 2, 3])
  })

  test('no more run at once than allowed, and other names do not wait for them', async () => {
    const { queue } = make()
    const gates: (() => void)[] = []
    let most = 0
    let running = 0
    const slow = async (): Promise<void> => {
      most = Math.max(most, (running += 1))
      await new Promise<void>((resolve) => void gates.push(resolve))
      running -= 1
    }
    let others = 0
    queue.process('slow', slow, { concurrency: 3 })
    queue.process('other', async () => {
      others += 1
    })
    await queue.start()
    for (let i = 0; i < 7; i += 1) await queue.add('slow', i)
    await queue.add('other', 0)
    await eventually(() => expect([gates.length, others]).toEqual([3, 1]))
    for (let done = 0; done < 7; done += 1) {
      await eventually(() => expect(gates.length).toBeGreaterThan(done))
      gates[done]?.()
    }
    await eventually(async () => expect((await queue.counts())['slow']).toMatchObject({ active: 0, waiting: 0 }))
    expect(most).toBe(3)
  })

  test('a job that throws is listed and not run again; the queue goes on', async () => {
    const { queue, clock } = make()
    let runs = 0
    const seen: unknown[] = []
    queue.process('shaky', async (payload) => {
      runs += 1
      if (payload === 'bad') throw new Error('the reason')
      seen.push(payload)
    })
    await queue.start()
    const before = clock.now()
    await queue.add('shaky', 'bad', { key: 'k' })
    await queue.add('shaky', 'good')
    await eventually(() => expect(seen).toEqual(['good']))
    const failed = await queue.failed()
    expect(failed).toMatchObject([{ name: 'shaky', payload: 'bad', error: 'the reason' }])
    expect(failed[0]?.failedAt).toBeGreaterThanOrEqual(before)
    expect((await queue.counts())['shaky']?.failed).toBe(1)
    expect(runs).toBe(2)
    await queue.add('shaky', 'after', { key: 'k' })
    await eventually(() => expect(seen).toEqual(['good', 'after']))
  })

  test('failed jobs are listed newest first and at most 100', async () => {
    const { queue } = make()
    queue.process('broken', async (payload) => {
      throw new Error(String(payload))
    })
    await queue.start()
    for (let i = 0; i < 105; i += 1) await queue.add('broken', i)
    await eventually(async () => expect((await queue.failed())[0]?.error).toBe('104'))
    const errors = (await queue.failed()).map(({ error }) => error)
    expect(errors).toHaveLength(100)
    expect(errors.at(-1)).toBe('5')
  })

  test('stop waits for running jobs and takes no other', async () => {
    const { queue } = make()
    const gates: (() => void)[] = []
    let finished = 0
    queue.process('work', async () => {
      await new Promise<void>((resolve) => void gates.push(resolve))
      finished += 1
    })
    await queue.start()
    await queue.add('work', 1)
    await queue.add('work', 2)
    await eventually(() => expect(gates).toHaveLength(1))
    const stopped = queue.stop(60_000).then(() => finished)
    gates[0]?.()
    expect(await stopped).toBe(1)
    expect(gates).toHaveLength(1)
    await expect(queue.add('work', 3)).rejects.toMatchObject({ kind: 'bug' })
  })

  test('stop aborts what runs longer than the grace', async () => {
    const { queue, pass } = make()
    let aborted = false
    let begun = false
    queue.process('endless', async (_payload, { signal }) => {
      begun = true
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
      aborted = true
    })
    await queue.start()
    await queue.add('endless', 1)
    await eventually(() => expect(begun).toBe(true))
    const stopped = queue.stop(50)
    await pass(50)
    await stopped
    await eventually(() => expect(aborted).toBe(true))
  })

  test('a handler is registered once and the queue starts once', async () => {
    const { queue } = make()
    queue.process('one', async () => undefined)
    expect(() => queue.process('one', async () => undefined)).toThrow(/handler already/)
    await queue.start()
    await expect(queue.start()).rejects.toMatchObject({ kind: 'bug' })
  })
})
