import { describe, expect, test } from 'vitest'
import { capacityRules } from '../../../src/core/capacity/rules.ts'
import { explainWaiting, route } from '../../../src/core/routing/route.ts'
import { queueRules, type RoutingSnapshot } from '../../../src/core/routing/snapshot.ts'
import { queueSettingsSchema } from '../../../src/wire/queues.ts'
import type { AgentState, ChannelId } from '../../../src/wire/words.ts'
import { agent, item, now, pairs, queue, ring, withOffers } from './support.ts'

const seconds = (n: number): number => n * 1_000
const ago = (n: number): number => now - seconds(n)
const decided = (snapshot: RoutingSnapshot, at = now): string[] => pairs(route(snapshot, at).decisions)
const one = (agents: RoutingSnapshot['agents'], items: RoutingSnapshot['items'], said: Parameters<typeof queue>[2] = {}): RoutingSnapshot => ({
  agents,
  items,
  queues: [queue('q', agents.map(({ id }) => id), said)],
})
const full = { held: { webchat: 4 } }
const chatOnly = (max: number) => capacityRules({ max: { webchat: max } })

describe('§2 Order', () => {
  const single = agent('ann', { capacity: chatOnly(1) })
  const q2 = (said: Parameters<typeof queue>[2]) => [queue('q', ['ann']), queue('q2', ['ann'], said)]

  test.each([
    { says: 'higher priority before age', items: [item('old', { createdAt: ago(500) }), item('vip', { priority: 6 })], first: 'vip' },
    { says: 'age before id', items: [item('a'), item('b', { createdAt: ago(11) })], first: 'b' },
    { says: 'id when all else is equal', items: [item('b'), item('a')], first: 'a' },
    { says: 'creation, not the moment of queueing', items: [item('a', { queuedAt: ago(400) }), item('b', { createdAt: ago(20), queuedAt: ago(1) })], first: 'b' },
    { says: 'one order over all queues', items: [item('a'), item('b', { queueId: 'q2', createdAt: ago(30) })], queues: q2({}), first: 'b' },
    { says: 'a queue’s age offset', items: [item('a'), item('b', { queueId: 'q2', createdAt: ago(5) })], queues: q2({ ageOffsetMs: seconds(6) }), first: 'b' },
    { says: 'a negative age offset', items: [item('a'), item('b', { queueId: 'q2', createdAt: ago(15) })], queues: q2({ ageOffsetMs: seconds(-6) }), first: 'a' },
    {
      says: 'least time left where the queue goes by deadlines',
      items: [item('a', { queueId: 'q2', createdAt: ago(90), deadlineAt: now + 60_000 }), item('b', { queueId: 'q2', deadlineAt: now + 30_000 })],
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

describe('§3 Who may take it', () => {
  test.each<{ state: AgentState; lease: number | null; takes: boolean }>([
    { state: 'available', lease: now + 1, takes: true },
    { state: 'available', lease: now, takes: false },
    { state: 'available', lease: null, takes: false },
    { state: 'busy', lease: now + 1, takes: false },
    { state: 'away', lease: now + 1, takes: false },
    { state: 'wrap_up', lease: now + 1, takes: false },
    { state: 'not_responding', lease: now + 1, takes: false },
    { state: 'offline', lease: now + 1, takes: false },
  ])('$state with a lease until $lease: $takes', ({ state, lease, takes }) => {
    expect(decided(one([agent('ann', { state, leaseUntil: lease })], [item('i')]))).toEqual(takes ? ['i → ann'] : [])
  })

  test('members only', () => {
    const snapshot = { agents: [agent('ann'), agent('bob')], items: [item('i')], queues: [queue('q', ['bob'])] }
    expect(decided(snapshot)).toEqual(['i → bob'])
  })

  test('members of a group see the queue after its delay, and the router wakes for it', () => {
    const members = [{ groupId: 'night', delayMs: seconds(30) }]
    const snapshot = { agents: [agent('ann', { groupIds: ['night'] })], items: [item('i')], queues: [queue('q', [], { members })] }
    expect(route(snapshot, now)).toEqual({ decisions: [], nextWakeAt: now + seconds(20) })
    expect(decided(snapshot, now + seconds(20))).toEqual(['i → ann'])
  })

  test('skills at their level', () => {
    const need = { required: [{ skillId: 'tax', minLevel: 3 }] }
    const snapshot = one([agent('ann', { skills: [{ skillId: 'tax', level: 2 }] }), agent('bob', { skills: [{ skillId: 'tax', level: 3 }] })], [item('i', need)])
    expect(decided(snapshot)).toEqual(['i → bob'])
  })

  test('an item whose queue is unknown waits, and says that nobody is a member', () => {
    const why = explainWaiting({ agents: [agent('ann')], items: [item('i')], queues: [] }, 'i', now)?.why
    expect(why).toMatchObject({ chosen: null, candidates: 0, excluded: [{ reason: 'not_member', count: 1, agentIds: ['ann'] }] })
  })
})

describe('§3 Rings', () => {
  const need = { required: [{ skillId: 'tax', minLevel: 4, dropOrder: 2 }, { skillId: 'ja', minLevel: 1, dropOrder: 1 }], createdAt: now, queuedAt: now }
  const expert = agent('eve', { ...full, skills: [{ skillId: 'tax', level: 5 }, { skillId: 'ja', level: 1 }] })
  const junior = agent('joe', { skills: [{ skillId: 'tax', level: 3 }] })

  test.each([
    { step: { dropSkills: ['tax', 'ja'] }, lets: true },
    { step: { dropSkills: ['tax'] }, lets: false },
    { step: { dropThrough: 1, lowerLevelBy: 1 }, lets: true },
    { step: { dropThrough: 1 }, lets: false },
    { step: { dropThrough: 2 }, lets: true },
    { step: { lowerLevelBy: 5 }, lets: false },
  ])('a busy expert is waited for until the step $step: $lets', ({ step, lets }) => {
    const snapshot = one([expert, junior], [item('i', need)], { rings: [ring(seconds(30), step)] })
    const before = route(snapshot, now + seconds(30) - 1)
    expect(before).toEqual({ decisions: [], nextWakeAt: now + seconds(30) })
    expect(decided(snapshot, now + seconds(30))).toEqual(lets ? ['i → joe'] : [])
  })

  test('steps add up', () => {
    const rings = [ring(seconds(10), { dropSkills: ['ja'] }), ring(seconds(20), { lowerLevelBy: 1 })]
    const { decisions } = route(one([expert, junior], [item('i', need)], { rings }), now + seconds(20))
    expect(pairs(decisions)).toEqual(['i → joe'])
    expect(decisions[0]?.why.ring).toBe(2)
  })

  test('falls through at once when nobody logged in matches', () => {
    const gone = { ...expert, state: 'offline' as const }
    const { decisions } = route(one([gone, junior], [item('i', need)], { rings: [ring(seconds(300), { dropThrough: 2 })] }), now)
    expect(pairs(decisions)).toEqual(['i → joe'])
    expect(decisions[0]?.why.ring).toBe(1)
  })

  test('widens to a group', () => {
    const queues = [queue('q', ['eve'], { rings: [ring(seconds(30), { widenTo: ['second-line'] })] })]
    const helper = agent('hal', { groupIds: ['second-line'], skills: expert.skills })
    const snapshot = { agents: [expert, helper], items: [item('i', need)], queues }
    expect(decided(snapshot)).toEqual([])
    expect(decided(snapshot, now + seconds(30))).toEqual(['i → hal'])
  })

  test('drops the language when a step says so', () => {
    const speaker = agent('sue', { ...full, languages: ['ja'] })
    const snapshot = one([speaker, junior], [item('i', { language: 'ja', queuedAt: now })], { rings: [ring(seconds(30), { dropLanguage: true })] })
    expect(decided(snapshot)).toEqual([])
    expect(decided(snapshot, now + seconds(30))).toEqual(['i → joe'])
  })
})

describe('§3 Avoid', () => {
  const declined = item('i', { avoid: [{ agentId: 'ann', until: now + seconds(60) }] })

  test.each<{ says: string; bob: Parameters<typeof agent>[1]; goes: string[] }>([
    { says: 'goes to the other', bob: {}, goes: ['i → bob'] },
    { says: 'waits for the other while they are full', bob: full, goes: [] },
    { says: 'waits for the other while they finish a contact', bob: { state: 'wrap_up' }, goes: [] },
    { says: 'comes back when the other is away: nobody else remains', bob: { state: 'away' }, goes: ['i → ann'] },
    { says: 'comes back when the other is offline', bob: { state: 'offline' }, goes: ['i → ann'] },
  ])('$says', ({ bob, goes }) => {
    expect(decided(one([agent('ann'), agent('bob', bob)], [declined]))).toEqual(goes)
  })

  test('ends at its instant, for which the router wakes', () => {
    const snapshot = one([agent('ann', { leaseUntil: now + seconds(90) }), agent('bob', { ...full, leaseUntil: now + seconds(90) })], [declined])
    expect(route(snapshot, now).nextWakeAt).toBe(now + seconds(60))
    expect(decided(snapshot, now + seconds(60))).toEqual(['i → ann'])
  })
})

describe('§3 Agent to return to', () => {
  const until = now + seconds(30)
  const sticky = item('i', { preferredAgent: { agentId: 'ann', until } })
  const bob = agent('bob', { idleSince: ago(900) })

  test.each<{ says: string; ann: Parameters<typeof agent>[1]; goes: string[] }>([
    { says: 'goes to them before a longer idle colleague', ann: {}, goes: ['i → ann'] },
    { says: 'waits for them while they are available and full', ann: full, goes: [] },
    { says: 'never sticks to somebody busy', ann: { state: 'busy' }, goes: ['i → bob'] },
    { says: 'never sticks to somebody offline', ann: { state: 'offline' }, goes: ['i → bob'] },
    { says: 'never sticks to a lapsed lease', ann: { leaseUntil: now }, goes: ['i → bob'] },
  ])('$says', ({ ann, goes }) => {
    expect(decided(one([agent('ann', ann), bob], [sticky]))).toEqual(goes)
  })

  test('is released at its instant, for which the router wakes', () => {
    const snapshot = one([agent('ann', full), bob], [sticky])
    expect(route(snapshot, now).nextWakeAt).toBe(until)
    expect(decided(snapshot, until)).toEqual(['i → bob'])
  })

  test('a preferred agent without the skill is no preference', () => {
    const skilled = agent('bob', { skills: [{ skillId: 'tax', level: 1 }] })
    expect(decided(one([agent('ann'), skilled], [{ ...sticky, required: [{ skillId: 'tax', minLevel: 1 }] }]))).toEqual(['i → bob'])
  })

  test.each<{ says: string; ann: Parameters<typeof agent>[1]; goes: string[] }>([
    { says: 'waits for a person who is busy', ann: { state: 'busy' }, goes: [] },
    { says: 'goes to the person whatever their queues', ann: {}, goes: ['i → ann'] },
    { says: 'goes to the queue when the person is offline', ann: { state: 'offline' }, goes: ['i → bob'] },
  ])('a transfer to a person $says', ({ ann, goes }) => {
    const personal = item('i', { personalAgent: { agentId: 'ann', until } })
    expect(decided({ agents: [agent('ann', ann), bob], items: [personal], queues: [queue('q', ['bob'])] })).toEqual(goes)
  })

  test('a person who declined their transfer is not asked again', () => {
    const declined = item('i', { personalAgent: { agentId: 'ann', until }, avoid: [{ agentId: 'ann', until }] })
    expect(decided({ agents: [agent('ann'), bob], items: [declined], queues: [queue('q', ['bob'])] })).toEqual(['i → bob'])
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
    expect(decided(one([cat, bob, ann], items, { selection }))).toEqual(turns.map((who, at) => `${at + 1} → ${who}`))
  })

  test('ties go to the lower id, and work given in a run counts', () => {
    const items = ['1', '2', '3', '4'].map((id) => item(id))
    expect(decided(one([agent('bob'), agent('ann')], items))).toEqual(['1 → ann', '2 → bob', '3 → ann', '4 → bob'])
  })
})

describe('§5 Offer', () => {
  test.each<{ channel: ChannelId; ms: number }>([
    { channel: 'phone', ms: 20_000 },
    { channel: 'webchat', ms: 30_000 },
    { channel: 'line', ms: 60_000 },
    { channel: 'sms', ms: 60_000 },
    { channel: 'email', ms: 120_000 },
  ])('$channel: $ms ms to accept, or what the queue says', ({ channel, ms }) => {
    const offered = (said: object) => route(one([agent('ann')], [item('i', { channel })], said), now).decisions[0]?.expiresAt
    expect(offered({})).toBe(now + ms)
    expect(offered({ offerMs: { [channel]: 7_000 } })).toBe(now + 7_000)
  })

  test('a live offer keeps an item from being offered again', () => {
    expect(route(one([agent('ann'), agent('bob')], [item('i', { offeredTo: ['bob'] })]), now)).toEqual({ decisions: [], nextWakeAt: null })
  })

  test('a queue that rings two tops up to two', () => {
    const agents = [agent('ann'), agent('bob'), agent('cat')]
    expect(decided(one(agents, [item('i')], { ringAgents: 2 }))).toEqual(['i → ann', 'i → bob'])
    expect(decided(one(agents, [item('i', { offeredTo: ['ann'] })], { ringAgents: 2 }))).toEqual(['i → bob'])
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
    const waiting = item('i', { required: [{ skillId: 'tax', minLevel: 1 }], avoid: [{ agentId: 'i-declined', until: now + 1 }] })
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
    const snapshot = one([agent('ann', { capacity: chatOnly(2) })], items, { rings: [ring(seconds(40), { dropSkills: ['x'] })] })
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
    const snapshot = { agents: [agent('ann')], items: [item('i', { channel: 'line', queuedAt: ago(4) })], queues: [rules] }
    expect(route(snapshot, now)).toEqual({ decisions: [], nextWakeAt: now + seconds(1) })
    expect(route(snapshot, now + seconds(1)).decisions[0]?.expiresAt).toBe(now + seconds(10))
  })

  test('an applied decision is not made again', () => {
    const snapshot = one([agent('ann')], [item('i')])
    expect(decided(withOffers(snapshot, route(snapshot, now).decisions, now))).toEqual([])
  })
})
