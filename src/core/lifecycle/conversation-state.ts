import type { Awaiting, ConversationStatus } from '../../wire/words.ts'

/** What the table knows of a conversation. */
export interface ConversationState {
  readonly status: ConversationStatus
  /** Whose turn it is; kept through snoozing, so that waking knows whether the customer waits. */
  readonly awaiting: Awaiting
  /** With an agent, but waiting for the customer for so long that it frees its slot; still so in a wrap-up for which there was no room. */
  readonly parked: boolean
}

/** What may happen to a conversation. */
export type ConversationEvent =
  /** `roomAtAssignee` matters for a parked one only: whether its agent may take it back at once. */
  | { readonly type: 'customer_message'; readonly roomAtAssignee?: boolean }
  | { readonly type: 'bot_handed_off' }
  | { readonly type: 'offered' }
  | { readonly type: 'offer_accepted' }
  /** `liveOffersLeft`: offers of it still pending elsewhere. */
  | {
      readonly type: 'offer_ended'
      readonly outcome: 'declined' | 'expired' | 'withdrawn'
      readonly liveOffersLeft: number
    }
  /** Given to an agent outright: taken by hand, or put there by a supervisor. */
  | { readonly type: 'assigned' }
  | { readonly type: 'agent_message' }
  | { readonly type: 'transferred'; readonly to: 'queue' | 'agent' }
  /** Its agent is gone, or gave it back. */
  | { readonly type: 'returned_to_queue' }
  | { readonly type: 'park' }
  | { readonly type: 'snooze' }
  | { readonly type: 'wake' }
  /** `roomAtAssignee` as above: without room a parked one is wrapped up without taking a slot. */
  | { readonly type: 'wrap_up_started'; readonly roomAtAssignee?: boolean }
  | { readonly type: 'wrap_up_done' }
  | { readonly type: 'resolve' }
  | { readonly type: 'reopen'; readonly by: 'customer' | 'agent' }

/**
 * What the use case writes in the same transaction.
 * - `start_age`: `waitingSince` becomes the event's instant; in its absence the age stays.
 * - `enter_queue`: `queuedAt` becomes now. `leave_queue`: it no longer waits.
 * - `withdraw_offers`: every other pending offer of it ends as withdrawn.
 * - `assign` / `unassign`: `assigneeId` becomes the acting (or named) agent, or null. A snoozed or
 *   resolved conversation keeps its agent, and holds no slot.
 * - `prefer_last_agent`: for the configured time it goes to its last agent, while available.
 * - `bind_agent`: it is that person's own item until the transfer runs out.
 * - `avoid_agent`: that agent is avoided until an instant. `agent_not_responding`: their state.
 * - `record_answer`: a human answered; the first one ends the first-response clock.
 * - `unpark`: it holds a slot again.
 */
export type Effect =
  | 'start_age'
  | 'enter_queue'
  | 'leave_queue'
  | 'withdraw_offers'
  | 'assign'
  | 'unassign'
  | 'prefer_last_agent'
  | 'bind_agent'
  | 'avoid_agent'
  | 'agent_not_responding'
  | 'record_answer'
  | 'park'
  | 'unpark'
  | 'set_snooze'
  | 'clear_snooze'
  | 'start_wrap_up'
  | 'end_wrap_up'
  | 'record_resolution'
  | 'clear_resolution'
