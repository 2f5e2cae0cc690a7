import { compareIds } from './agent-index.ts'
import type { QueueRules, WorkItem } from './snapshot.ts'

/** An item's place in the one queue. */
export interface OrderKey {
  readonly priority: number
  /** Somebody's own item: it comes before shared ones of its priority. */
  readonly personal: boolean
  /** The instant it counts as waiting since, epoch milliseconds. */
  readonly since: number
  readonly id: string
}

/**
 * The instant an item counts as waiting since: its creation, or a lead before its deadline where
 * the queue goes by deadlines and the item has one, moved by the queue's age offset.
 */
export function waitingSince(item: Pick<WorkItem, 'createdAt' | 'deadlineAt'>, rules: QueueRules): number {
  const byDeadline = rules.order === 'deadline' && item.deadlineAt !== null
  const since = byDeadline ? item.deadlineAt - rules.deadlineLeadMs : item.createdAt
  return since - rules.ageOffsetMs
}

/** Negative when `a` comes first: higher priority, personal before shared, the longer waiting, then id. */
export function compareOrder(a: OrderKey, b: OrderKey): number {
  return b.priority - a.priority || Number(b.personal) - Number(a.personal) || a.since - b.since || compareIds(a.id, b.id)
}
