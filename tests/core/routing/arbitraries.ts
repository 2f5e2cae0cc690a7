import fc from 'fast-check'
import { capacityRules } from '../../../src/core/capacity/rules.ts'
import type { QueueMember, QueueRules, RoutingAgent, RoutingSnapshot, WorkItem } from '../../../src/core/routing/snapshot.ts'
import type { AgentState, ChannelId } from '../../../src/wire/words.ts'
import { agent, item, now, queue, ring } from './support.ts'

const agentIds = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']
const queueIds = ['q1', 'q2', 'q3']
const skillIds = ['billing', 'japanese', 'returns']
const groupIds = ['g1', 'g2']
const channels: ChannelId[] = ['phone', 'sms', 'line', 'email', 'webchat']

const past = (mostMs: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: mostMs }).map((ms) => now - ms)
const around = (ms: number): fc.Arbitrary<number> => fc.integer({ min: -ms, max: ms }).map((by) => now + by)
const some = <T>(from: T[]): fc.Arbitrary<T[]> => fc.subarray(from)
const agentUntil = fc.record({ agentId: fc.constantFrom(...agentIds), until: around(60_000) })
const state: fc.Arbitrary<AgentState> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<AgentState>('available') },
  { weight: 1, arbitrary: fc.constantFrom<AgentState>('busy', 'away', 'wrap_up', 'not_responding', 'offline') },
)

const agents: fc.Arbitrary<RoutingAgent[]> = fc.tuple(...agentIds.map(someAgent)).chain((all) => fc.subarray(all, { minLength: 1 }))

function someAgent(id: string): fc.Arbitrary<RoutingAgent> {
  return fc
    .record({
      state,
      leaseUntil: fc.option(
        around(45_000).map((at) => at + 30_000),
        { freq: 8 },
      ),
      groupIds: some(groupIds),
      skills: some(skillIds).chain((ids) =>
        fc.tuple(...ids.map((skillId) => fc.integer({ min: 1, max: 5 }).map((level) => ({ skillId, level })))),
      ),
      languages: some(['ja', 'zh-TW']),
      held: fc.record({
        phone: fc.constantFrom(0, 0, 0, 1),
        sms: fc.constantFrom(0, 0, 1),
        line: fc.nat({ max: 2 }),
        email: fc.nat({ max: 2 }),
        webchat: fc.nat({ max: 3 }),
      }),
      capacity: fc
        .record({ total: fc.constantFrom(100, 100, 160, 40), webchatMax: fc.constantFrom(4, 4, 1, 0) })
        .map(({ total, webchatMax }) => capacityRules({ total, max: { webchat: webchatMax } })),
      idleSince: past(120_000),
      lastOfferAt: fc.option(past(120_000)),
    })
    .map((said) => agent(id, said))
}

const member: fc.Arbitrary<QueueMember> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ agentId: fc.constantFrom(...agentIds), delayMs: fc.constantFrom(0, 0, 20_000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ groupId: fc.constantFrom(...groupIds), delayMs: fc.constantFrom(0, 15_000, 40_000) }),
  },
)

const step = fc
  .record({
    afterMs: fc.constantFrom(0, 10_000, 30_000, 60_000),
    dropSkills: fc.oneof(fc.constant<string[]>([]), some(skillIds)),
    lowerLevelBy: fc.constantFrom(0, 0, 1, 3),
    dropThrough: fc.constantFrom(0, 1, 2),
    dropLanguage: fc.constantFrom(false, false, true),
    widenTo: fc.oneof(fc.constant<string[]>([]), some(groupIds)),
  })
  .map(({ afterMs, ...said }) => ring(afterMs, said))

function someQueue(id: string): fc.Arbitrary<QueueRules> {
  return fc
    .record({
      members: fc.array(member, { maxLength: 8 }),
      order: fc.constantFrom('oldest' as const, 'deadline' as const),
      ageOffsetMs: fc.constantFrom(0, 20_000, -20_000),
      deadlineLeadMs: fc.constantFrom(60_000, 600_000),
      selection: fc.constantFrom('longest_idle' as const, 'least_loaded' as const, 'best_skill' as const, 'round_robin' as const),
      rings: fc.array(step, { maxLength: 3 }),
      ringAgents: fc.constantFrom(1, 1, 1, 2),
      drainAfterMs: fc.constantFrom(0, 20_000),
    })
    .map((said) => queue(id, [], said))
}

const need = fc.record({
  skillId: fc.constantFrom(...skillIds),
  minLevel: fc.integer({ min: 1, max: 5 }),
  dropOrder: fc.option(fc.integer({ min: 1, max: 2 })),
})

function someItem(id: string): fc.Arbitrary<WorkItem> {
  return fc
    .record({
      queueId: fc.constantFrom(...queueIds),
      channel: fc.constantFrom(...channels),
      priority: fc.integer({ min: 4, max: 6 }),
      createdAt: past(90_000),
      queuedAt: past(90_000),
      deadlineAt: fc.option(around(300_000)),
      required: fc.array(need, { maxLength: 2 }),
      language: fc.option(fc.constantFrom('ja', 'zh-TW'), { freq: 1 }),
      preferredAgent: fc.option(agentUntil, { freq: 1 }),
      personalAgent: fc.option(agentUntil, { freq: 1 }),
      avoid: fc.array(agentUntil, { maxLength: 2 }),
      offeredTo: fc.oneof(
        { weight: 5, arbitrary: fc.constant<string[]>([]) },
        { weight: 1, arbitrary: fc.constantFrom(...agentIds).map((a) => [a]) },
      ),
    })
    .map((said) => item(id, said))
}

/** A small centre in any state it can be in: absent, busy, overfull, sticky, declined, relaxed. */
export const snapshots: fc.Arbitrary<RoutingSnapshot> = fc
  .tuple(agents, fc.tuple(...queueIds.map(someQueue)), fc.integer({ min: 0, max: 12 }))
  .chain(([people, queues, count]) =>
    fc
      .tuple(...Array.from({ length: count }, (_, n) => someItem(`i${String(n).padStart(2, '0')}`)))
      .map((items) => ({ agents: people, queues, items })),
  )

/** A snapshot and the same with every list in another order. */
export const shuffled: fc.Arbitrary<readonly [RoutingSnapshot, RoutingSnapshot]> = snapshots.chain((one) =>
  fc
    .record({
      agents: fc.shuffledSubarray([...one.agents], { minLength: one.agents.length }),
      queues: fc.shuffledSubarray([...one.queues], { minLength: one.queues.length }),
      items: fc.shuffledSubarray([...one.items], { minLength: one.items.length }),
      turn: fc.boolean(),
    })
    .map(({ turn, ...other }) => [one, turn ? turned(other) : other] as const),
)

/** The inner lists whose order means nothing, turned round. */
function turned(snapshot: RoutingSnapshot): RoutingSnapshot {
  return {
    agents: snapshot.agents.map((a) => ({
      ...a,
      skills: [...a.skills].reverse(),
      groupIds: [...a.groupIds].reverse(),
    })),
    queues: snapshot.queues.map((q) => ({ ...q, members: [...q.members].reverse() })),
    items: snapshot.items.map((i) => ({ ...i, required: [...i.required].reverse(), avoid: [...i.avoid].reverse() })),
  }
}
