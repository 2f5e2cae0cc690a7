import type { ConversationEvent, ConversationState, Effect } from './conversation-state.ts'
import { type EventKey, type Rule, refusalOf, transitions } from './conversation-table.ts'

/** The next state and what to write, or a sentence that says why not. */
export type Transition =
  | { readonly ok: true; readonly next: ConversationState; readonly effects: readonly Effect[] }
  | { readonly ok: false; readonly sentence: string }

/** The state of a new conversation; in an inbox with a bot the bot has it first. */
export function newConversation(withBot: boolean): {
  readonly state: ConversationState
  readonly effects: readonly Effect[]
} {
  return withBot
    ? { state: { status: 'bot', awaiting: 'agent', parked: false }, effects: ['start_age'] }
    : { state: { status: 'queued', awaiting: 'agent', parked: false }, effects: ['start_age', 'enter_queue'] }
}

/**
 * The only place that decides how a conversation moves. Total: every event in every state either
 * moves it or is refused with a sentence fit for a `conflict`.
 */
export function transition(state: ConversationState, event: ConversationEvent): Transition {
  const key = keyOf(state, event)
  const rule = transitions[state.status][key]
  if (rule === undefined) return { ok: false, sentence: refusalOf(state.status, key) }
  if (event.type === 'park' && (state.parked || state.awaiting === 'agent')) {
    return {
      ok: false,
      sentence: state.parked ? 'It is parked already.' : 'It cannot be parked: the customer waits for an answer.',
    }
  }
  return { ok: true, next: nextOf(state, rule), effects: effectsOf(state, key, rule) }
}

function keyOf(state: ConversationState, event: ConversationEvent): EventKey {
  switch (event.type) {
    case 'customer_message':
      return state.parked && event.roomAtAssignee !== true ? 'customer_message:no_room' : 'customer_message'
    case 'wrap_up_started':
      return state.parked && event.roomAtAssignee !== true ? 'wrap_up_started:no_room' : 'wrap_up_started'
    case 'offer_ended':
      return event.liveOffersLeft > 0 ? `offer_ended:${event.outcome}:others_pending` : `offer_ended:${event.outcome}`
    case 'transferred':
      return `transferred:${event.to}`
    case 'reopen':
      return `reopen:${event.by}`
    default:
      return event.type
  }
}

function nextOf(state: ConversationState, rule: Rule): ConversationState {
  const staysParked = rule.parked ?? (state.parked && (rule.to === 'active' || rule.to === 'wrap_up') && !rule.effects.includes('unpark'))
  return { status: rule.to, awaiting: rule.awaiting ?? state.awaiting, parked: staysParked }
}

/**
 * The age starts with the first contact nobody has answered; contacts after it do not move it. A
 * parked conversation without room at its agent is routed with its original age.
 */
function effectsOf(state: ConversationState, key: EventKey, rule: Rule): readonly Effect[] {
  const effects = rule.effects.filter((effect) => effect !== 'unpark' || state.parked)
  const startsWaiting = (key === 'customer_message' || key === 'wake') && state.awaiting === 'customer'
  return startsWaiting ? ['start_age', ...effects] : effects
}
