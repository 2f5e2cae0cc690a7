import type { Routing, WaitingExplanation } from './decision.ts'
import { RoutingEngine } from './engine.ts'
import type { RoutingSnapshot } from './snapshot.ts'

/**
 * Decides who is offered what at `now` (epoch milliseconds): pure, and the same whatever the order
 * of the snapshot's lists. Each item in its turn of the one queue goes to the best agent with room;
 * what was given earlier in the run counts as held. An item with a live offer gets no other until
 * its queue rings several agents at once.
 */
export function route(snapshot: RoutingSnapshot, now: number): Routing {
  return new RoutingEngine(snapshot, now).decide(now)
}

/**
 * Answers "why am I still waiting" for one item at its turn, after those before it have been
 * served; null when the item is not in the snapshot.
 */
export function explainWaiting(snapshot: RoutingSnapshot, itemId: string, now: number): WaitingExplanation | null {
  return new RoutingEngine(snapshot, now).explain(itemId, now)
}
