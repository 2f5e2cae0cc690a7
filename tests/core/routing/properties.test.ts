import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyHanded, type Held, withItem } from '../../../src/core/capacity/load.ts'
import { mayTake } from '../../../src/core/capacity/may-take.ts'
import type { Decision } from '../../../src/core/routing/decision.ts'
import { explainWaiting, route } from '../../../src/core/routing/route.ts'
import type { RoutingSnapshot } from '../../../src/core/routing/snapshot.ts'
import { shuffled, snapshots } from './arbitraries.ts'
import { fittingAgents, plainRouting } from './reference.ts'
import { now, pairs, withOffers } from './support.ts'

/** The same cases on every run. */
const runs = { seed: 20_260, numRuns: 300 }

/** What a decision is about, found again in its snapshot. */
function factsOf(snapshot: RoutingSnapshot, decision: Decision) {
  const item = snapshot.items.find(({ id }) => id === decision.itemId)
  const agent = snapshot.agents.find(({ id }) => id === decision.agentId)
  const queue = snapshot.queues.find(({ id }) => id === decision.queueId)
  if (item === undefined || agent === undefined || queue === undefined) throw new Error('The decision names something that is not there.')
  return { item, agent, queue }
}

describe('the whole of routing.md', () => {
  test('decides what the plain rules decide', () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        expect(pairs(route(snapshot, now).decisions)).toEqual(plainRouting(snapshot, now))
      }),
      { ...runs, numRuns: runs.numRuns * 4 },
    )
  })

  test('is deterministic under shuffled input, reasons included', () => {
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        expect(route(other, now)).toEqual(route(one, now))
      }),
      runs,
    )
  })

  test('one run equals as many runs as it has decisions', () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        const all = route(snapshot, now).decisions
        let stepwise: RoutingSnapshot = snapshot
        const taken: Decision[] = []
        while (taken.length <= all.length) {
          const [next] = route(stepwise, now).decisions
          if (next === undefined) break
          taken.push(next)
          stepwise = withOffers(stepwise, [next], now)
        }
        expect(pairs(taken)).toEqual(pairs(all))
      }),
      runs,
    )
  })
})

describe('§2 Order', () => {
  test('age is never reset by a decline or a transfer', () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        const [first] = route(snapshot, now).decisions
        fc.pre(first !== undefined)
        const { item } = factsOf(snapshot, first)
        const declined = { ...item, avoid: [...item.avoid, { agentId: first.agentId, until: now + 30_000 }] }
        for (const changed of [declined, { ...item, queuedAt: now }, { ...item, channel: 'line' as const }]) {
          const after = { ...snapshot, items: snapshot.items.map((one) => (one.id === item.id ? changed : one)) }
          const order = explainWaiting(after, item.id, now)?.why.order
          expect(order).toMatchObject({ since: first.why.order.since, priority: first.why.order.priority })
        }
      }),
      runs,
    )
  })
})

describe('§3 Who may take it', () => {
  test('never somebody away, never outside the ring, never without a skill the present ring requires', () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        for (const decision of route(snapshot, now).decisions) {
          const { item, agent, queue } = factsOf(snapshot, decision)
          expect(agent.state).toBe('available')
          expect(agent.leaseUntil).toBeGreaterThan(now)
          if (item.personalAgent?.agentId === agent.id && item.personalAgent.until > now) continue
          expect(fittingAgents(snapshot, item, queue, now)).toContain(agent)
        }
      }),
      runs,
    )
  })
})

describe('§4 Capacity', () => {
  test('never over capacity at any point of the decisions', () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        const held = new Map<string, Held>(snapshot.agents.map((agent) => [agent.id, agent.held]))
        for (const decision of route(snapshot, now).decisions) {
          const { agent } = factsOf(snapshot, decision)
          const before = held.get(agent.id) ?? emptyHanded
          expect(mayTake(before, decision.channel, agent.capacity)).toEqual({ ok: true })
          held.set(agent.id, withItem(before, decision.channel))
        }
      }),
      runs,
    )
  })
})

describe('§5 Offer', () => {
  test('at most one live offer per item, or as many as its queue rings, to different agents', () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        const { decisions } = route(snapshot, now)
        for (const item of snapshot.items) {
          const given = decisions.filter(({ itemId }) => itemId === item.id).map(({ agentId }) => agentId)
          const live = [...item.offeredTo, ...given]
          const most = snapshot.queues.find(({ id }) => id === item.queueId)?.ringAgents ?? 1
          if (given.length > 0) expect(live.length).toBeLessThanOrEqual(most)
          expect(new Set(live).size).toBe(live.length)
        }
      }),
      runs,
    )
  })

  test('what was offered is not offered again: a second run decides nothing', () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        const { decisions } = route(snapshot, now)
        expect(route(withOffers(snapshot, decisions, now), now).decisions).toEqual([])
      }),
      runs,
    )
  })
})

describe('§9 Decisions explain themselves', () => {
  test("every decision's counts add up to all agents, and no id stands under two reasons", () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        for (const { why, agentId } of route(snapshot, now).decisions) {
          expect(why.candidates + why.excluded.reduce((sum, { count }) => sum + count, 0)).toBe(snapshot.agents.length)
          const named = why.excluded.flatMap(({ agentIds }) => agentIds)
          expect(new Set(named).size).toBe(named.length)
          expect(named).not.toContain(agentId)
          expect(why.chosen?.agentId).toBe(agentId)
        }
      }),
      runs,
    )
  })

  test('"why am I still waiting" agrees with what routing does, for every item', () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        const { decisions } = route(snapshot, now)
        for (const item of snapshot.items) {
          const told = explainWaiting(snapshot, item.id, now)
          const first = decisions.find(({ itemId }) => itemId === item.id)
          expect(told?.why.chosen?.agentId).toBe(first?.agentId)
          if (first !== undefined) expect(told?.why).toEqual(first.why)
          const counted = told?.why.excluded.reduce((sum, { count }) => sum + count, told.why.candidates)
          expect(counted).toBe(snapshot.agents.length)
        }
      }),
      runs,
    )
  })
})

describe('time', () => {
  test('nothing changes before the next wake', () => {
    const moment = fc.tuple(snapshots, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }))
    fc.assert(
      fc.property(moment, ([snapshot, part]) => {
        const { decisions, nextWakeAt } = route(snapshot, now)
        const settled = withOffers(snapshot, decisions, now)
        // Without a wake, far ahead but within everybody's lease.
        const until =
          nextWakeAt ??
          Math.min(
            ...settled.agents.map(({ leaseUntil }) => leaseUntil ?? Number.POSITIVE_INFINITY).filter((at) => at > now),
            now + 600_000,
          )
        const between = now + Math.floor((until - now) * part)
        expect(route(settled, between).decisions).toEqual([])
      }),
      { ...runs, numRuns: runs.numRuns * 4 },
    )
  })
})
