import { type Bits, setBit } from './bits.ts'
import { agentSet, type Candidates, candidatesFor, nearestToFree } from './candidates.ts'
import type { Decision } from './decision.ts'
import { bound, type Line, served, type Waiting } from './line.ts'
import { selectAgent } from './select.ts'
import { defaultOfferMs } from './snapshot.ts'
import type { RoutingState } from './state.ts'
import { whyOf } from './why.ts'

/** Nobody of a match is open for a channel, for the rest of the pass. */
const dry = 1
/** Agents kept from refilling for one channel of one queue at most: more would stand idle before the first of them is free. */
export const maxKept = 3
/** Nor is anybody more to be kept for it. */
const drained = 2

/**
 * Goes along the line up to place `end` and gives each item in its turn to the best agent with room; what was given earlier in the
 * pass counts as held. Open sets only shrink on the way, so that a match once found without anybody is not looked at again.
 * @param keyCount all keys of the line are below this.
 */
export function runPass(state: RoutingState, line: Line, keyCount: number, end = line.order.length): Decision[] {
  const decisions: Decision[] = []
  const { seats, now } = state
  if (!seats.begin()) return decisions
  const marks = new Uint8Array(keyCount)
  const kept: Kept = new Map()
  for (let at = 0; at < end && seats.someoneOpen; at++) {
    const key = line.keys[at] ?? served
    if (key === served) continue
    const mark = key === bound ? 0 : (marks[key] ?? 0)
    if (mark === (dry | drained)) continue
    const waiting = line.order[at]
    if (waiting === undefined) continue
    if (key === bound || (mark !== dry && seats.anyOpen(waiting.item.channel, waiting.match.fitting))) {
      settle(state, waiting, decisions, kept)
      continue
    }
    marks[key] = dry
    if (now < waiting.drainAt) continue
    const enough = (kept.get(waiting.queue.keptAs[waiting.item.channel]) ?? 0) >= maxKept
    const more = !enough && drain(state, waiting, candidatesFor(state, waiting, agentSet(state, waiting.item.offeredTo)), kept)
    if (enough || (!more && plain(waiting))) marks[key] = dry | drained
  }
  return decisions
}

/** How many agents are kept for a channel of a queue, in a pass. */
type Kept = Map<string, number>

/** Whether anybody who matches comes into question, whoever declined or is being asked. */
function plain({ item, queue, placesLeft }: Waiting): boolean {
  return item.avoid.length === 0 && item.offeredTo.length === 0 && placesLeft === queue.rules.ringAgents
}

/** Gives an item out as far as it can be. */
function settle(state: RoutingState, waiting: Waiting, decisions: Decision[], kept: Kept): void {
  const { item, queue } = waiting
  let asked = agentSet(state, item.offeredTo)
  for (let places = waiting.placesLeft; places > 0; places--) {
    const candidates = candidatesFor(state, waiting, asked)
    const place = choose(state, waiting, candidates)
    const agent = place === undefined ? undefined : state.agents.agents[place]
    if (place === undefined || agent === undefined) {
      if (places === queue.rules.ringAgents) drain(state, waiting, candidates, kept)
      return
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
}

/** The agent an item goes to at its turn; undefined when it goes on waiting. */
export function choose(state: RoutingState, { item, queue }: Waiting, { eligible, count }: Candidates): number | undefined {
  return count === 0 ? undefined : selectAgent(eligible, item, queue.rules.selection, state.agents, state.seats)
}

/**
 * No starvation: keeps one agent from refilling for the sake of an item that has waited beyond the
 * queue's moment and is blocked only by what agents hold. It is the one with the least in the
 * way, so that the slot drains soonest; what does not prolong the wait may still be given to them.
 * False when nobody more is to be kept for the like of it.
 */
function drain(state: RoutingState, waiting: Waiting, candidates: Candidates, kept: Kept): boolean {
  const { item, queue, placesLeft } = waiting
  if (state.now < waiting.drainAt || placesLeft < queue.rules.ringAgents) return true
  const count = kept.get(queue.keptAs[item.channel]) ?? 0
  const agent = count < maxKept ? nearestToFree(state, waiting, candidates) : undefined
  if (agent === undefined) return false
  state.seats.reserve(agent, item.channel)
  kept.set(queue.keptAs[item.channel], count + 1)
  return true
}

function withAgent(asked: Bits, place: number): Bits {
  const more = asked.slice()
  setBit(more, place, true)
  return more
}
