import { afterEach, describe, expect, test, vi } from 'vitest'
import { createLocalBroadcast } from '../../src/adapters/broadcast-local.ts'
import { openPostgresBroadcast } from '../../src/adapters/broadcast-postgres.ts'
import { openRedisBroadcast } from '../../src/adapters/broadcast-redis.ts'
import { createSystemClock } from '../../src/adapters/clock-system.ts'
import { newId } from '../../src/lib/ids.ts'
import { createLog } from '../../src/lib/log.ts'
import { type Broadcast, maxBroadcastBytes } from '../../src/ports/broadcast.ts'
import { postgresUrl } from '../support/postgres.ts'
import { redisUrl, startRedis } from '../support/redis.ts'

const log = createLog({ level: 'silent' })
const clock = createSystemClock()
const eventually = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 15_000, interval: 5 })

/** Opens as many nodes of one carrier as asked; a local one is one node however often it is asked. */
type OpenNodes = (count: number) => Promise<Broadcast[]>

const carriers: Readonly<Record<string, OpenNodes>> = {
  local: async (count) => {
    const only = createLocalBroadcast(log)
    return Array.from({ length: count }, () => only)
  },
  redis: async (count) => {
    const prefix = `test-${newId()}`
    return Promise.all(Array.from({ length: count }, () => openRedisBroadcast({ redisUrl: redisUrl(), log, prefix })))
  },
  postgres: async (count) => {
    const channel = `t_${newId().replaceAll(/[-0-9]/g, '_')}`
    const open = (): Promise<Broadcast> => openPostgresBroadcast({ databaseUrl: postgresUrl(), clock, log, channel })
    return Promise.all(Array.from({ length: count }, open))
  },
}

describe.each(Object.keys(carriers))('broadcast: %s', (kind) => {
  const opened: Broadcast[] = []
  afterEach(async () => {
    for (const node of opened.splice(0)) await node.stop()
  })

  const nodes = async (): Promise<[Broadcast, Broadcast]> => {
    const made = (await carriers[kind]?.(2)) ?? []
    opened.push(...made)
    const [one, two] = made
    if (!one || !two) throw new Error(`No carrier "${kind}".`)
    return [one, two]
  }

  test('every subscriber on every node hears it, the publisher too', async () => {
    const [one, two] = await nodes()
    const heard: string[] = []
    await one.subscribe('log', (payload) => heard.push(`one ${JSON.stringify(payload)}`))
    await one.subscribe('log', (payload) => heard.push(`one again ${JSON.stringify(payload)}`))
    await two.subscribe('log', (payload) => heard.push(`two ${JSON.stringify(payload)}`))
    await one.publish('log', { seq: 7 })
    await eventually(() => expect(heard.toSorted()).toEqual(['one again {"seq":7}', 'one {"seq":7}', 'two {"seq":7}']))
  })

  test('messages of one publisher arrive in order', async () => {
    const [one, two] = await nodes()
    const heard: unknown[] = []
    await two.subscribe('log', (payload) => heard.push(payload))
    for (let i = 0; i < 200; i += 1) await one.publish('log', i)
    await eventually(() => expect(heard).toEqual(Array.from({ length: 200 }, (_, i) => i)))
  })

  test('topics are kept apart, and unsubscribing ends only the own listener', async () => {
    const [one, two] = await nodes()
    const heard: string[] = []
    const listener = (): void => void heard.push('typing')
    const cancel = await two.subscribe('typing', listener)
    await two.subscribe('typing', listener)
    await two.subscribe('log', () => heard.push('log'))
    cancel()
    cancel()
    await one.publish('typing', null)
    await one.publish('log', null)
    await eventually(() => expect(heard).toEqual(['typing', 'log']))
  })

  test('a listener is never called inside publish', async () => {
    const [one] = await nodes()
    let inside = true
    let calledInside: boolean | undefined
    await one.subscribe('log', () => {
      calledInside = inside
    })
    const published = one.publish('log', 1)
    inside = false
    await published
    await eventually(() => expect(calledInside).toBe(false))
  })

  test('payloads keep their text and do not share objects', async () => {
    const [one, two] = await nodes()
    const heard: unknown[] = []
    await two.subscribe('log', (payload) => heard.push(payload))
    const payload = { text: `引號' " \\ \u0000 \n 😀`, list: [1] }
    await one.publish('log', payload)
    payload.list.push(2)
    await eventually(() => expect(heard).toEqual([{ text: `引號' " \\ \u0000 \n 😀`, list: [1] }]))
  })

  test('takes the largest payload and refuses a larger one', async () => {
    const [one, two] = await nodes()
    const heard: unknown[] = []
    await two.subscribe('t', (payload) => heard.push(payload))
    const largest = 'x'.repeat(maxBroadcastBytes - '["t",""]'.length)
    await one.publish('t', largest)
    await expect(one.publish('t', `${largest}x`)).rejects.toMatchObject({ kind: 'too_large' })
    await expect(one.publish('t', '量'.repeat(maxBroadcastBytes / 3))).rejects.toMatchObject({ kind: 'too_large' })
    await eventually(() => expect(heard).toEqual([largest]))
  })
})

test('redis: after a loss the subscription is back and the gap is told', async () => {
  const server = await startRedis()
  const node = await openRedisBroadcast({ redisUrl: server.url, log })
  const heard: unknown[] = []
  let gaps = 0
  await node.subscribe('log', (payload) => heard.push(payload))
  node.onGap(() => {
    gaps += 1
  })
  await server.stop()
  await eventually(() => expect(node.publish('log', 'lost')).rejects.toMatchObject({ kind: 'unavailable' }))
  const back = await startRedis(Number(new URL(server.url).port))
  await eventually(() => expect(gaps).toBe(1))
  await eventually(() => node.publish('log', 'heard'))
  await eventually(() => expect(heard).toContain('heard'))
  expect(heard).not.toContain('lost')
  await node.stop()
  await back.stop()
})

test('postgres: after a loss the subscription is back and the gap is told', async () => {
  const { default: pg } = await import('pg')
  const channel = 'losing'
  const node = await openPostgresBroadcast({ databaseUrl: postgresUrl(), clock, log, channel })
  const heard: unknown[] = []
  let gaps = 0
  await node.subscribe('log', (payload) => heard.push(payload))
  node.onGap(() => {
    gaps += 1
  })
  const operator = new pg.Client({ connectionString: postgresUrl() })
  await operator.connect()
  const kill = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'onequeue broadcast' and query like '%${channel}%'`
  expect((await operator.query(kill)).rowCount).toBe(1)
  await operator.end()
  await eventually(() => expect(gaps).toBe(1))
  await node.publish('log', 'heard')
  await eventually(() => expect(heard).toEqual(['heard']))
  await node.stop()
})
