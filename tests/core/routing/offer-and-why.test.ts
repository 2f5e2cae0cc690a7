import { describe, expect, test } from 'vitest'
import { capacityRules } from '../../../src/core/capacity/rules.ts'
import { explainWaiting, route } from '../../../src/core/routing/route.ts'
import { queueRules } from '../../../src/core/routing/snapshot.ts'
import { queueSettingsSchema } from '../../../src/wire/queues.ts'
import type { ChannelId } from '../../../src/wire/words.ts'
import { agent, ago, decided, full, item, now, oneQueue, queue, ring, seconds, withOffers } from './support.ts'

const chatOnly = (max: number) => capacityRules({ max: { webchat: max } })

describe('§5 Offer', () => {
  test.each<{ channel: ChannelId; ms: number }>([
    { channel: 'phone', ms: 20_000 },
    { channel: 'webchat', ms: 30_000 },
    { channel: 'line', ms: 60_000 },
    { channel: 'sms', ms: 60_000 },
    { channel: 'email', ms: 120_000 },
  ])('$channel: $ms ms to accept, or what the queue says', ({ channel, ms }) => {
    const offered = (said: object) => route(oneQueue([agent('ann')], [item('i', { channel })], said), now).decisions[0]?.expiresAt
    expect(offered({})).toBe(now + ms)
    expect(offered({ offerMs: { [channel]: 7_000 } })).toBe(now + 7_000)
  })

  test('a live offer keeps an item from being offered again', () => {
    expect(route(oneQueue([agent('ann'), agent('bob')], [item('i', { offeredTo: ['bob'] })]), now)).toEqual({
      decisions: [],
      nextWakeAt: null,
    })
  })

  test('a queue that rings two tops up to two', () => {
    const agents = [agent('ann'), agent('bob'), agent('cat')]
    expect(decided(oneQueue(agents, [item('i')], { ringAgents: 2 }))).toEqual(['i → ann', 'i → bob'])
    expect(decided(oneQueue(agents, [item('i', { offeredTo: ['ann'] })], { ringAgents: 2 }))).toEqual(['i → bob'])
  })
})

describe('§9 Why', () => {
  test('counts everybody once, by the most telling reason', () => {
    const tax = { skills: [{ skillId: 'tax', level: 1 }] }
    const agents = [
      agent('a-chosen', tax),
      agent('b-second', { ...tax, idleSince: ago(1) }),
      agent('c-stranger', tax),
      agent('d-unskilled'),
      agent('e-offline', { ...tax, state: 'offline' }),
      agent('f-busy', { ...tax, state: 'busy' }),
      agent('g-full', { ...tax, ...full }),
      agent('h-on-call', { ...tax, held: { phone: 1 } }),
      agent('i-declined', tax),
      agent('j-unskilled-offline', { state: 'offline' }),
    ]
    const members = agents.filter(({ id }) => id !== 'c-stranger').map(({ id }) => id)
    const waiting = item('i', {
      required: [{ skillId: 'tax', minLevel: 1 }],
      avoid: [{ agentId: 'i-declined', until: now + 1 }],
    })
    const [decision] = route({ agents, items: [waiting], queues: [queue('q', members)] }, now).decisions
    expect(decision?.why).toEqual({
      ring: 0,
      selection: 'longest_idle',
      order: { priority: 5, since: ago(10), personal: false },
      candidates: 2,
      chosen: { agentId: 'a-chosen', keys: { idleSince: ago(60), fill: 0 } },
      excluded: [
        { reason: 'not_member', count: 1, agentIds: ['c-stranger'] },
        { reason: 'skill', count: 2, agentIds: ['d-unskilled', 'j-unskilled-offline'] },
        { reason: 'offline', count: 1, agentIds: ['e-offline'] },
        { reason: 'not_available', count: 1, agentIds: ['f-busy'] },
        { reason: 'capacity', count: 1, agentIds: ['g-full'] },
        { reason: 'blocked_by_call', count: 1, agentIds: ['h-on-call'] },
        { reason: 'avoid', count: 1, agentIds: ['i-declined'] },
      ],
    })
  })

  test('names at most twenty, counts all', () => {
    const strangers = Array.from({ length: 50 }, (_, n) => agent(`s${String(n).padStart(2, '0')}`))
    const { decisions } = route({ agents: [agent('ann'), ...strangers], items: [item('i')], queues: [queue('q', ['ann'])] }, now)
    const [why] = decisions[0]?.why.excluded ?? []
    expect(why).toMatchObject({ reason: 'not_member', count: 50 })
    expect(why?.agentIds).toEqual(strangers.slice(0, 20).map(({ id }) => id))
  })

  test('a waiting item tells its place and what time may change', () => {
    const items = [item('1', { createdAt: ago(30) }), item('2', { createdAt: ago(20) }), item('3', { queuedAt: now })]
    const snapshot = oneQueue([agent('ann', { capacity: chatOnly(2) })], items, {
      rings: [ring(seconds(40), { dropSkills: ['x'] })],
    })
    expect(explainWaiting(snapshot, '3', now)).toMatchObject({
      ahead: 2,
      aheadInQueue: 2,
      why: { chosen: null, candidates: 0, excluded: [{ reason: 'capacity', count: 1, agentIds: ['ann'] }] },
      nextChangeAt: now + seconds(40),
    })
    expect(explainWaiting(snapshot, 'gone', now)).toBeNull()
  })
})

describe('queueRules', () => {
  test('takes a queue’s stored settings', () => {
    const settings = queueSettingsSchema.parse({ delayMs: 5_000, offerMs: { line: 9_000 }, selection: 'round_robin' })
    const rules = queueRules('q', settings, ['ann'])
    const snapshot = {
      agents: [agent('ann')],
      items: [item('i', { channel: 'line', queuedAt: ago(4) })],
      queues: [rules],
    }
    expect(route(snapshot, now)).toEqual({ decisions: [], nextWakeAt: now + seconds(1) })
    expect(route(snapshot, now + seconds(1)).decisions[0]?.expiresAt).toBe(now + seconds(10))
  })

  test('an applied decision is not made again', () => {
    const snapshot = oneQueue([agent('ann')], [item('i')])
    expect(decided(withOffers(snapshot, route(snapshot, now).decisions, now))).toEqual([])
  })
})
