import { type Candidates, nearestToFree } from './candidates.ts'
import type { RoutingState, Waiting } from './state.ts'

/**
 * No starvation: keeps one agent from refilling for the sake of an item that has waited beyond the
 * queue's moment and is blocked only by what agents hold. It is the one with the least in the
 * way, so that the slot drains soonest; what does not prolong the wait may still be given to them.
 */
export function drainFor(state: RoutingState, waiting: Waiting, candidates: Candidates): void {
  const { item, queue } = waiting
  if (state.now < item.queuedAt + queue.rules.drainAfterMs) return
  const agent = nearestToFree(state, waiting, candidates)
  if (agent !== undefined) state.seats.reserve(agent, item.channel)
}
