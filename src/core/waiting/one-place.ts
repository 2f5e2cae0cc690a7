import type { ChannelId } from '../../wire/words.ts'

/** A place in line that a contact has already. Instants are epoch milliseconds. */
export interface Place {
  readonly conversationId: string
  readonly queueId: string
  readonly channel: ChannelId
  readonly status: 'queued' | 'offered'
  readonly priority: number
  readonly createdAt: number
  readonly queuedAt: number
  readonly deadlineAt: number | null
}

/** A contact who shows up. `needQueueId`: the queue of what they need, as the rules of entry say. */
export interface Arrival {
  readonly conversationId: string
  readonly channel: ChannelId
  readonly needQueueId: string
  readonly at: number
  readonly priority: number
  readonly deadlineAt: number | null
}

/** The place an arrival has: an own new one, or the one it joins with everything it keeps of it. */
export type PlaceInLine =
  | { readonly kind: 'new' }
  | {
      readonly kind: 'joined'
      /** The conversation whose place it was; it no longer waits by itself. */
      readonly from: string
      readonly queueId: string
      readonly priority: number
      readonly createdAt: number
      readonly queuedAt: number
      readonly deadlineAt: number | null
      /** An agent is being asked about the old one; that offer is withdrawn, for the customer is reached elsewhere now. */
      readonly withdrawOffer: boolean
    }

/**
 * One place in line per contact and need: who waits already and shows up on another channel joins that place, with its age, and with
 * the better of both priorities and deadlines. Of several places the oldest is joined. It never makes a second place and never loses
 * the first. The customer is reached on the arrival's channel from now on.
 * @param places the places of this contact; those of other needs are left alone.
 */
export function placeInLine(arrival: Arrival, places: readonly Place[]): PlaceInLine {
  const same = places.filter(({ queueId, conversationId }) => queueId === arrival.needQueueId && conversationId !== arrival.conversationId)
  const [oldest] = same.toSorted((a, b) => a.createdAt - b.createdAt || (a.conversationId < b.conversationId ? -1 : 1))
  if (oldest === undefined) return { kind: 'new' }
  return {
    kind: 'joined',
    from: oldest.conversationId,
    queueId: oldest.queueId,
    priority: Math.max(oldest.priority, arrival.priority),
    createdAt: Math.min(oldest.createdAt, arrival.at),
    queuedAt: Math.min(oldest.queuedAt, arrival.at),
    deadlineAt: sooner(oldest.deadlineAt, arrival.deadlineAt),
    withdrawOffer: oldest.status === 'offered',
  }
}

function sooner(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b)
}
