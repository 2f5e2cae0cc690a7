import { describe, expect, test } from 'vitest'
import { capacityRules } from '../../../src/core/capacity/rules.ts'
import { agent, ago, decided, item, now, oneQueue, queue, seconds } from './support.ts'

const chatOnly = (max: number) => capacityRules({ max: { webchat: max } })

describe('§2 Order', () => {
  const single = agent('ann', { capacity: chatOnly(1) })
  const q2 = (said: Parameters<typeof queue>[2]) => [queue('q', ['ann']), queue('q2', ['ann'], said)]

  test.each([
    {
      says: 'higher priority before age',
      items: [item('old', { createdAt: ago(500) }), item('vip', { priority: 6 })],
      first: 'vip',
    },
    { says: 'age before id', items: [item('a'), item('b', { createdAt: ago(11) })], first: 'b' },
    { says: 'id when all else is equal', items: [item('b'), item('a')], first: 'a' },
    {
      says: 'creation, not the moment of queueing',
      items: [item('a', { queuedAt: ago(400) }), item('b', { createdAt: ago(20), queuedAt: ago(1) })],
      first: 'b',
    },
    {
      says: 'one order over all queues',
      items: [item('a'), item('b', { queueId: 'q2', createdAt: ago(30) })],
      queues: q2({}),
      first: 'b',
    },
    {
      says: 'a queue’s age offset',
      items: [item('a'), item('b', { queueId: 'q2', createdAt: ago(5) })],
      queues: q2({ ageOffsetMs: seconds(6) }),
      first: 'b',
    },
    {
      says: 'a negative age offset',
      items: [item('a'), item('b', { queueId: 'q2', createdAt: ago(15) })],
      queues: q2({ ageOffsetMs: seconds(-6) }),
      first: 'a',
    },
    {
      says: 'least time left where the queue goes by deadlines',
      items: [
        item('a', { queueId: 'q2', createdAt: ago(90), deadlineAt: now + 60_000 }),
        item('b', { queueId: 'q2', deadlineAt: now + 30_000 }),
      ],
      queues: q2({ order: 'deadline' }),
      first: 'b',
    },
    {
      says: 'a deadline queue beside one by age: as old as its lead before the deadline',
      items: [item('a', { createdAt: ago(40) }), item('b', { queueId: 'q2', createdAt: ago(2), deadlineAt: now + 15_000 })],
      queues: q2({ order: 'deadline', deadlineLeadMs: seconds(60) }),
      first: 'b',
    },
    {
      says: 'personal before older shared of the same priority',
      items: [item('a', { createdAt: ago(500) }), item('b', { personalAgent: { agentId: 'ann', until: now + 1 } })],
      first: 'b',
    },
    {
      says: 'preferred before older shared of the same priority',
      items: [item('a', { createdAt: ago(500) }), item('b', { preferredAgent: { agentId: 'ann', until: now + 1 } })],
      first: 'b',
    },
    {
      says: 'priority before personal',
      items: [item('a', { priority: 6 }), item('b', { personalAgent: { agentId: 'ann', until: now + 1 } })],
      first: 'a',
    },
  ])('$says', ({ items, queues, first }) => {
    expect(decided({ agents: [single], items, queues: queues ?? [queue('q', ['ann'])] })).toEqual([`${first} → ann`])
  })
})

describe('§3 Selection', () => {
  const tax = (level: number) => [{ skillId: 'tax', level }]
  const ann = agent('ann', { idleSince: ago(90), lastOfferAt: ago(10), held: { email: 3 }, skills: tax(2) })
  const bob = agent('bob', { idleSince: ago(60), lastOfferAt: ago(30), held: { email: 2 }, skills: tax(5) })
  const cat = agent('cat', { idleSince: ago(70), lastOfferAt: null, held: { email: 1 }, skills: tax(1) })

  test.each([
    { selection: 'longest_idle' as const, turns: ['ann', 'cat', 'bob'] },
    { selection: 'least_loaded' as const, turns: ['cat', 'bob', 'ann'] },
    { selection: 'best_skill' as const, turns: ['bob', 'bob', 'bob'] },
    { selection: 'round_robin' as const, turns: ['cat', 'bob', 'ann'] },
  ])('$selection', ({ selection, turns }) => {
    const items = ['1', '2', '3'].map((id) => item(id, { required: [{ skillId: 'tax', minLevel: 1 }] }))
    expect(decided(oneQueue([cat, bob, ann], items, { selection }))).toEqual(turns.map((who, at) => `${at + 1} → ${who}`))
  })

  test('ties go to the lower id, and work given in a run counts', () => {
    const items = ['1', '2', '3', '4'].map((id) => item(id))
    expect(decided(oneQueue([agent('bob'), agent('ann')], items))).toEqual(['1 → ann', '2 → bob', '3 → ann', '4 → bob'])
  })
})
