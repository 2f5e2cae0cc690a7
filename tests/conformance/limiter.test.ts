import { Redis } from 'ioredis'
import { afterAll, describe, expect, test } from 'vitest'
import { createFakeClock } from '../../src/adapters/clock-fake.ts'
import { createMemoryLimiters } from '../../src/adapters/limiter-memory.ts'
import { createRedisLimiters } from '../../src/adapters/limiter-redis.ts'
import { newId } from '../../src/lib/ids.ts'
import { createLog } from '../../src/lib/log.ts'
import type { Limiters } from '../../src/ports/limiter.ts'
import { redisUrl, startRedis } from '../support/redis.ts'

/** Limiters under test, and a way to let their time pass. */
interface Bench {
  readonly limiters: Limiters
  pass(ms: number): Promise<void>
}

const log = createLog({ level: 'silent' })
const opened: Redis[] = []
afterAll(() => {
  for (const redis of opened) redis.disconnect()
})

const benches: Readonly<Record<string, () => Bench>> = {
  memory: () => {
    const clock = createFakeClock()
    return { limiters: createMemoryLimiters(clock), pass: clock.advance }
  },
  redis: () => {
    const prefix = `test-${newId()}`
    const redis = new Redis(redisUrl())
    opened.push(redis)
    const pass = async (ms: number): Promise<void> => {
      for (const key of await redis.keys(`${prefix}*`)) await redis.pexpire(key, Math.max(0, (await redis.pttl(key)) - ms))
    }
    return {
      limiters: createRedisLimiters({ redis, log, prefix, fallback: createMemoryLimiters(createFakeClock()) }),
      pass,
    }
  },
}

describe.each(Object.keys(benches))('limiter: %s', (kind) => {
  const make = async (): Promise<Bench> => {
    const bench = benches[kind]?.()
    if (!bench) throw new Error(`No bench "${kind}".`)
    await Promise.all(opened.map((redis) => redis.ping()))
    return bench
  }

  test('allows the points of one window and refuses more', async () => {
    const limiter = (await make()).limiters.limiter({ name: 'log-in', points: 3, windowSeconds: 60 })
    const verdicts = []
    for (let i = 0; i < 5; i += 1) verdicts.push(await limiter.consume('ana'))
    expect(verdicts.map(({ allowed }) => allowed)).toEqual([true, true, true, false, false])
    expect(verdicts.map(({ remaining }) => remaining)).toEqual([2, 1, 0, 0, 0])
    for (const { retryAfterMs } of verdicts) {
      expect(retryAfterMs).toBeGreaterThan(50_000)
      expect(retryAfterMs).toBeLessThanOrEqual(60_000)
    }
  })

  test('keys do not count for each other, nor do rules', async () => {
    const { limiters } = await make()
    const narrow = limiters.limiter({ name: 'narrow', points: 1, windowSeconds: 60 })
    const other = limiters.limiter({ name: 'other', points: 1, windowSeconds: 60 })
    expect((await narrow.consume('a')).allowed).toBe(true)
    expect((await narrow.consume('b')).allowed).toBe(true)
    expect((await other.consume('a')).allowed).toBe(true)
    expect((await narrow.consume('a')).allowed).toBe(false)
  })

  test('rules of one name share their counts', async () => {
    const { limiters } = await make()
    const rule = { name: 'shared', points: 2, windowSeconds: 60 }
    await limiters.limiter(rule).consume('a')
    await limiters.limiter(rule).consume('a')
    expect((await limiters.limiter(rule).consume('a')).allowed).toBe(false)
  })

  test('a use may weigh more than one point', async () => {
    const limiter = (await make()).limiters.limiter({ name: 'bytes', points: 10, windowSeconds: 60 })
    expect(await limiter.consume('a', 8)).toMatchObject({ allowed: true, remaining: 2 })
    expect(await limiter.consume('a', 3)).toMatchObject({ allowed: false, remaining: 0 })
  })

  test('the window ends a set time after its first use', async () => {
    const { limiters, pass } = await make()
    const limiter = limiters.limiter({ name: 'window', points: 1, windowSeconds: 30 })
    await limiter.consume('a')
    await pass(20_000)
    expect((await limiter.consume('a')).allowed).toBe(false)
    await pass(10_001)
    expect((await limiter.consume('a')).allowed).toBe(true)
  })

  test('reset forgets a key', async () => {
    const limiter = (await make()).limiters.limiter({ name: 'reset', points: 1, windowSeconds: 60 })
    await limiter.consume('a')
    await limiter.reset('a')
    expect((await limiter.consume('a')).allowed).toBe(true)
  })

  test('of many at once exactly the allowed number pass', async () => {
    const limiter = (await make()).limiters.limiter({ name: 'burst', points: 50, windowSeconds: 60 })
    const verdicts = await Promise.all(Array.from({ length: 200 }, () => limiter.consume('a')))
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(50)
  })
})

test('while Redis is away the node counts alone', async () => {
  const server = await startRedis()
  const redis = new Redis(server.url, { retryStrategy: () => 50 })
  redis.on('error', () => undefined)
  opened.push(redis)
  await redis.ping()
  const limiters = createRedisLimiters({ redis, log, fallback: createMemoryLimiters(createFakeClock()) })
  const limiter = limiters.limiter({ name: 'away', points: 2, windowSeconds: 60 })
  expect((await limiter.consume('a')).allowed).toBe(true)
  await server.stop()
  const verdicts = []
  for (let i = 0; i < 3; i += 1) verdicts.push((await limiter.consume('a')).allowed)
  expect(verdicts).toEqual([true, true, false])
})

test('a flood of keys keeps bounded memory', async () => {
  const clock = createFakeClock()
  const limiter = createMemoryLimiters(clock).limiter({ name: 'flood', points: 1, windowSeconds: 3_600 })
  await limiter.consume('first')
  for (let i = 0; i < 100_000; i += 1) await limiter.consume(`key ${i}`)
  expect((await limiter.consume('first')).allowed).toBe(true)
  expect((await limiter.consume('key 99999')).allowed).toBe(false)
})
