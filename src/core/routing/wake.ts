import { isLoggedIn } from './agent-index.ts'
import type { RoutingState, Waiting } from './state.ts'

const never = Number.POSITIVE_INFINITY

/** The first instant after now at which time alone changes who may take the item; null = never. */
export function nextChangeOf({ now }: RoutingState, { item, queue, match }: Waiting): number | null {
  let first = never
  const consider = (instant: number): void => {
    if (instant > now && instant < first) first = instant
  }
  for (let ring = match.ring; ring < queue.steps.length; ring++) consider(item.queuedAt + (queue.steps[ring]?.afterMs ?? never))
  for (const delayMs of queue.delaysMs) consider(item.queuedAt + delayMs)
  for (const { until } of item.avoid) consider(until)
  consider(item.preferredAgent?.until ?? never)
  consider(item.personalAgent?.until ?? never)
  return first === never ? null : first
}

/**
 * The first presence lease to run out: with it somebody counts as logged out, which may let an
 * item fall through to its next ring or free it from the person it was bound to.
 */
export function nextLeaseEnd({ now, agents }: RoutingState): number | null {
  let first = never
  for (const agent of agents.agents) if (isLoggedIn(agent, now)) first = Math.min(first, agent.leaseUntil ?? never)
  return first === never ? null : first
}

/** The earlier of two instants, null being never. */
export function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return Math.min(a, b)
}
