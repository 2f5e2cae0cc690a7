import { isLoggedIn } from './agent-index.ts'
import type { RoutingState, Waiting } from './state.ts'

/** The first instant after now at which time alone changes who may take the item; null = never. */
export function nextChangeOf({ now }: RoutingState, { item, queue, match }: Waiting): number | null {
  const instants = [
    ...queue.steps.slice(match.ring).map(({ afterMs }) => item.queuedAt + afterMs),
    ...queue.delaysMs.map((delayMs) => item.queuedAt + delayMs),
    ...item.avoid.map(({ until }) => until),
    item.preferredAgent?.until ?? now,
    item.personalAgent?.until ?? now,
  ]
  return earliestAfter(now, instants)
}

/**
 * The first presence lease to run out: with it somebody counts as logged out, which may let an
 * item fall through to its next ring or free it from the person it was bound to.
 */
export function nextLeaseEnd({ now, agents }: RoutingState): number | null {
  return earliestAfter(
    now,
    agents.agents.filter((agent) => isLoggedIn(agent, now)).map((agent) => agent.leaseUntil ?? now),
  )
}

/** The earlier of two instants, null being never. */
export function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return Math.min(a, b)
}

function earliestAfter(now: number, instants: readonly number[]): number | null {
  let first = Number.POSITIVE_INFINITY
  for (const instant of instants) if (instant > now && instant < first) first = instant
  return Number.isFinite(first) ? first : null
}
