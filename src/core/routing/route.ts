import type { OfferWhy } from '../../wire/offers.ts'
import { type Bits, setBit } from './bits.ts'
import { agentSet, type Candidates, candidatesFor, exclusionsOf } from './candidates.ts'
import type { Decision, Routing, WaitingExplanation } from './decision.ts'
import { drainFor } from './drain.ts'
import { keysOf, selectAgent } from './select.ts'
import { defaultOfferMs, type RoutingSnapshot } from './snapshot.ts'
import { createRoutingState, type RoutingState, type Waiting } from './state.ts'
import { earlier, nextChangeOf, nextLeaseEnd } from './wake.ts'

/**
 * Decides who is offered what at `now` (epoch milliseconds): pure, and the same whatever the order
 * of the snapshot's lists. Each item in its turn of the one queue goes to the best agent with room;
 * what was given earlier in the run counts as held. An item with a live offer gets no other until
 * its queue rings several agents at once.
 */
export function route(snapshot: RoutingSnapshot, now: number): Routing {
  const state = createRoutingState(snapshot, now)
  const decisions: Decision[] = []
  let nextWakeAt: number | null = null
  let someoneWaits = false
  for (const waiting of state.waiting) {
    if (!settle(state, waiting, decisions)) continue
    someoneWaits = true
    nextWakeAt = earlier(nextWakeAt, nextChangeOf(state, waiting))
  }
  return { decisions, nextWakeAt: someoneWaits ? earlier(nextWakeAt, nextLeaseEnd(state)) : null }
}

/**
 * Answers "why am I still waiting" for one item at its turn, after those before it have been
 * served; null when the item is not in the snapshot.
 */
export function explainWaiting(snapshot: RoutingSnapshot, itemId: string, now: number): WaitingExplanation | null {
  const state = createRoutingState(snapshot, now)
  let aheadInQueue = 0
  const queueId = snapshot.items.find(({ id }) => id === itemId)?.queueId
  for (const [ahead, waiting] of state.waiting.entries()) {
    const { item } = waiting
    if (item.id !== itemId) {
      settle(state, waiting, [])
      if (item.queueId === queueId) aheadInQueue += 1
      continue
    }
    const candidates = candidatesFor(state, waiting, agentSet(state, item.offeredTo))
    const chosen = placesLeft(waiting) > 0 ? choose(state, waiting, candidates) : undefined
    const why = whyOf(state, waiting, candidates, chosen)
    return { itemId, ahead, aheadInQueue, offeredTo: item.offeredTo, why, nextChangeAt: nextChangeOf(state, waiting) }
  }
  return null
}

/** Gives an item out as far as it can be; true when it waits for more. */
function settle(state: RoutingState, waiting: Waiting, decisions: Decision[]): boolean {
  const { item, queue } = waiting
  let places = placesLeft(waiting)
  if (places <= 0) return false
  let asked = agentSet(state, item.offeredTo)
  for (; places > 0; places--) {
    const candidates = candidatesFor(state, waiting, asked)
    const place = choose(state, waiting, candidates)
    const agent = place === undefined ? undefined : state.agents.agents[place]
    if (place === undefined || agent === undefined) {
      if (places === queue.rules.ringAgents) drainFor(state, waiting, candidates)
      return true
    }
    decisions.push({
      kind: 'offer',
      itemId: item.id,
      queueId: item.queueId,
      agentId: agent.id,
      channel: item.channel,
      expiresAt: state.now + (queue.rules.offerMs[item.channel] ?? defaultOfferMs[item.channel]),
      why: whyOf(state, waiting, candidates, place),
    })
    state.seats.take(place, item.channel, state.now)
    if (places > 1) asked = withAgent(asked, place)
  }
  return false
}

function placesLeft({ item, queue }: Waiting): number {
  return queue.rules.ringAgents - item.offeredTo.length
}

function choose(state: RoutingState, { item, queue }: Waiting, { eligible, count }: Candidates): number | undefined {
  return count === 0 ? undefined : selectAgent(eligible, item, queue.rules.selection, state.agents, state.seats)
}

function withAgent(asked: Bits, place: number): Bits {
  const more = asked.slice()
  setBit(more, place, true)
  return more
}

function whyOf(state: RoutingState, waiting: Waiting, candidates: Candidates, chosen: number | undefined): OfferWhy {
  const { item, queue, match, priority, since, personal } = waiting
  const { selection } = queue.rules
  const agentId = chosen === undefined ? undefined : state.agents.agents[chosen]?.id
  return {
    ring: match.ring,
    selection,
    order: { priority, since, personal },
    candidates: candidates.count,
    chosen:
      chosen === undefined || agentId === undefined
        ? null
        : { agentId, keys: { ...keysOf(chosen, item, selection, state.agents, state.seats) } },
    excluded: exclusionsOf(state, waiting, candidates),
  }
}
