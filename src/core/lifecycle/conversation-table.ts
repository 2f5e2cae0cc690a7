import type { Awaiting, ConversationStatus } from '../../wire/words.ts'
import type { Effect } from './conversation-state.ts'

type OfferEnd = 'declined' | 'expired' | 'withdrawn'

/** An event with the circumstances that decide between rules. */
export type EventKey =
  | 'customer_message'
  | 'customer_message:no_room'
  | 'bot_handed_off'
  | 'offered'
  | 'offer_accepted'
  | `offer_ended:${OfferEnd}`
  | `offer_ended:${OfferEnd}:others_pending`
  | 'assigned'
  | 'agent_message'
  | 'transferred:queue'
  | 'transferred:agent'
  | 'returned_to_queue'
  | 'park'
  | 'snooze'
  | 'wake'
  | 'wrap_up_started'
  | 'wrap_up_started:no_room'
  | 'wrap_up_done'
  | 'resolve'
  | 'reopen:customer'
  | 'reopen:agent'

/** One line of the table; what is left out stays as it is. */
export interface Rule {
  readonly to: ConversationStatus
  readonly awaiting?: Awaiting
  readonly parked?: boolean
  readonly effects: readonly Effect[]
}

const rule = (to: ConversationStatus, awaiting: Awaiting | null, ...effects: Effect[]): Rule =>
  awaiting === null ? { to, effects } : { to, awaiting, effects }

/** Every move there is; an event that a state does not list is refused. */
export const transitions: Readonly<Record<ConversationStatus, Readonly<Partial<Record<EventKey, Rule>>>>> = {
  bot: {
    customer_message: rule('bot', 'agent'),
    bot_handed_off: rule('queued', 'agent', 'start_age', 'enter_queue'),
    assigned: rule('active', 'agent', 'assign'),
    'transferred:queue': rule('queued', 'agent', 'enter_queue'),
    'transferred:agent': rule('queued', 'agent', 'enter_queue', 'bind_agent'),
    resolve: rule('resolved', 'customer', 'record_resolution'),
  },
  queued: {
    customer_message: rule('queued', 'agent'),
    offered: rule('offered', 'agent'),
    assigned: rule('active', 'agent', 'leave_queue', 'assign'),
    'transferred:queue': rule('queued', 'agent', 'enter_queue'),
    'transferred:agent': rule('queued', 'agent', 'enter_queue', 'bind_agent'),
    snooze: rule('snoozed', null, 'leave_queue', 'set_snooze'),
    resolve: rule('resolved', 'customer', 'leave_queue', 'record_resolution'),
  },
  offered: {
    customer_message: rule('offered', 'agent'),
    offered: rule('offered', 'agent'),
    offer_accepted: rule('active', 'agent', 'withdraw_offers', 'leave_queue', 'assign'),
    'offer_ended:declined': rule('queued', 'agent', 'avoid_agent'),
    'offer_ended:expired': rule('queued', 'agent', 'avoid_agent', 'agent_not_responding'),
    'offer_ended:withdrawn': rule('queued', 'agent'),
    'offer_ended:declined:others_pending': rule('offered', 'agent', 'avoid_agent'),
    'offer_ended:expired:others_pending': rule('offered', 'agent', 'avoid_agent', 'agent_not_responding'),
    'offer_ended:withdrawn:others_pending': rule('offered', 'agent'),
    assigned: rule('active', 'agent', 'withdraw_offers', 'leave_queue', 'assign'),
    'transferred:queue': rule('queued', 'agent', 'withdraw_offers', 'enter_queue'),
    'transferred:agent': rule('queued', 'agent', 'withdraw_offers', 'enter_queue', 'bind_agent'),
    snooze: rule('snoozed', null, 'withdraw_offers', 'leave_queue', 'set_snooze'),
    resolve: rule('resolved', 'customer', 'withdraw_offers', 'leave_queue', 'record_resolution'),
  },
  active: {
    customer_message: rule('active', 'agent', 'unpark'),
    'customer_message:no_room': rule('queued', 'agent', 'unpark', 'prefer_last_agent', 'unassign', 'enter_queue'),
    assigned: rule('active', null, 'unpark', 'assign'),
    agent_message: rule('active', 'customer', 'record_answer'),
    'transferred:queue': rule('queued', 'agent', 'unpark', 'unassign', 'enter_queue'),
    'transferred:agent': rule('queued', 'agent', 'unpark', 'unassign', 'enter_queue', 'bind_agent'),
    returned_to_queue: rule('queued', 'agent', 'unpark', 'unassign', 'enter_queue'),
    park: { to: 'active', parked: true, effects: ['park'] },
    snooze: rule('snoozed', null, 'unpark', 'set_snooze'),
    wrap_up_started: rule('wrap_up', null, 'unpark', 'start_wrap_up'),
    'wrap_up_started:no_room': { to: 'wrap_up', parked: true, effects: ['start_wrap_up'] },
    resolve: rule('resolved', 'customer', 'unpark', 'record_resolution'),
  },
  wrap_up: {
    customer_message: rule('active', 'agent', 'unpark', 'end_wrap_up'),
    'customer_message:no_room': rule('queued', 'agent', 'unpark', 'end_wrap_up', 'prefer_last_agent', 'unassign', 'enter_queue'),
    assigned: rule('active', null, 'unpark', 'end_wrap_up', 'assign'),
    agent_message: rule('wrap_up', 'customer', 'record_answer'),
    'transferred:queue': rule('queued', 'agent', 'unpark', 'end_wrap_up', 'unassign', 'enter_queue'),
    'transferred:agent': rule('queued', 'agent', 'unpark', 'end_wrap_up', 'unassign', 'enter_queue', 'bind_agent'),
    snooze: rule('snoozed', null, 'unpark', 'end_wrap_up', 'set_snooze'),
    wrap_up_done: rule('resolved', 'customer', 'unpark', 'end_wrap_up', 'record_resolution'),
    resolve: rule('resolved', 'customer', 'unpark', 'end_wrap_up', 'record_resolution'),
  },
  snoozed: {
    customer_message: rule('queued', 'agent', 'clear_snooze', 'prefer_last_agent', 'unassign', 'enter_queue'),
    wake: rule('queued', 'agent', 'clear_snooze', 'prefer_last_agent', 'unassign', 'enter_queue'),
    assigned: rule('active', null, 'clear_snooze', 'assign'),
    'transferred:queue': rule('queued', 'agent', 'clear_snooze', 'unassign', 'enter_queue'),
    'transferred:agent': rule('queued', 'agent', 'clear_snooze', 'unassign', 'enter_queue', 'bind_agent'),
    snooze: rule('snoozed', null, 'set_snooze'),
    resolve: rule('resolved', 'customer', 'clear_snooze', 'record_resolution'),
  },
  resolved: {
    'reopen:customer': rule('queued', 'agent', 'clear_resolution', 'start_age', 'prefer_last_agent', 'unassign', 'enter_queue'),
    'reopen:agent': rule('active', 'customer', 'clear_resolution', 'assign'),
  },
}

const statusWords: Readonly<Record<ConversationStatus, string>> = {
  bot: 'is with the bot',
  queued: 'waits in its queue',
  offered: 'is being offered',
  active: 'is with an agent',
  wrap_up: 'is in wrap-up',
  snoozed: 'is snoozed',
  resolved: 'is resolved',
}

const attempts: Readonly<Record<string, string>> = {
  customer_message: 'take a message without being reopened',
  bot_handed_off: 'be handed off by the bot',
  offered: 'be offered',
  offer_accepted: 'be accepted',
  offer_ended: 'lose an offer it does not have',
  assigned: 'be assigned before it is reopened',
  agent_message: 'be answered before an agent has taken it',
  transferred: 'be transferred',
  returned_to_queue: 'be returned to its queue',
  park: 'be parked',
  snooze: 'be snoozed',
  wake: 'be woken',
  wrap_up_started: 'enter wrap-up',
  wrap_up_done: 'end its wrap-up',
  resolve: 'be resolved',
  reopen: 'be reopened',
}

/** Why a state does not take an event, as a sentence for the person who tried. */
export function refusalOf(status: ConversationStatus, key: EventKey): string {
  const name = key.split(':', 1)[0] ?? key
  return `The conversation ${statusWords[status]}; it cannot ${attempts[name] ?? name}.`
}
