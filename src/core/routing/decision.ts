import type { OfferWhy } from '../../wire/offers.ts'
import type { ChannelId } from '../../wire/words.ts'

/** Agents named per reason at most; the count always tells all. */
export const maxNamedAgents = 20

/** An item to be offered to an agent. */
export interface Decision {
  readonly kind: 'offer'
  readonly itemId: string
  readonly queueId: string
  readonly agentId: string
  readonly channel: ChannelId
  /** The server's deadline, epoch milliseconds. */
  readonly expiresAt: number
  /** Why this agent; `candidates` and the counts of `excluded` add up to all agents. */
  readonly why: OfferWhy
}

/** What routing decides at an instant. */
export interface Routing {
  /** In the order of the one queue; apply them in this order. */
  readonly decisions: readonly Decision[]
  /** When time alone may change something; null = only an event can. */
  readonly nextWakeAt: number | null
}

/** Why an item waits, in the form of a decision. */
export interface WaitingExplanation {
  readonly itemId: string
  /** Items of the same queue that come first. */
  readonly aheadInQueue: number
  /** Items of all queues that come first. */
  readonly ahead: number
  /** Who is being asked now. */
  readonly offeredTo: readonly string[]
  /** `chosen` is the agent it would be offered to this instant; null when it goes on waiting. */
  readonly why: OfferWhy
  /** When time alone may change this item's chances; null = only an event can. */
  readonly nextChangeAt: number | null
}
