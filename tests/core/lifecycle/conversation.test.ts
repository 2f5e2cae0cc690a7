import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newConversation, transition } from '../../../src/core/lifecycle/conversation.ts'
import type { ConversationEvent, ConversationState, Effect } from '../../../src/core/lifecycle/conversation-state.ts'
import { onCustomerContact } from '../../../src/core/lifecycle/customer-contact.ts'
import { type ConversationStatus, conversationStatusSchema } from '../../../src/wire/words.ts'

const state = (status: ConversationStatus, said: Partial<ConversationState> = {}): ConversationState => ({ status, awaiting: 'agent', parked: false, ...said })
const ended = (outcome: 'declined' | 'expired' | 'withdrawn', liveOffersLeft = 0): ConversationEvent => ({ type: 'offer_ended', outcome, liveOffersLeft })
const customer: ConversationEvent = { type: 'customer_message' }

describe('the table', () => {
  test.each<{ from: ConversationState; event: ConversationEvent; to: Partial<ConversationState>; effects: Effect[] }>([
    { from: state('bot'), event: customer, to: { status: 'bot' }, effects: [] },
    { from: state('bot'), event: { type: 'bot_handed_off' }, to: { status: 'queued' }, effects: ['start_age', 'enter_queue'] },
    { from: state('queued'), event: customer, to: { status: 'queued' }, effects: [] },
    { from: state('queued'), event: { type: 'offered' }, to: { status: 'offered' }, effects: [] },
    { from: state('queued'), event: { type: 'assigned' }, to: { status: 'active', awaiting: 'agent' }, effects: ['leave_queue', 'assign'] },
    { from: state('offered'), event: { type: 'offer_accepted' }, to: { status: 'active', awaiting: 'agent' }, effects: ['withdraw_offers', 'leave_queue', 'assign'] },
    { from: state('offered'), event: ended('declined'), to: { status: 'queued' }, effects: ['avoid_agent'] },
    { from: state('offered'), event: ended('expired'), to: { status: 'queued' }, effects: ['avoid_agent', 'agent_not_responding'] },
    { from: state('offered'), event: ended('withdrawn'), to: { status: 'queued' }, effects: [] },
    { from: state('offered'), event: ended('expired', 1), to: { status: 'offered' }, effects: ['avoid_agent', 'agent_not_responding'] },
    { from: state('active'), event: { type: 'agent_message' }, to: { status: 'active', awaiting: 'customer' }, effects: ['record_answer'] },
    { from: state('active', { awaiting: 'customer' }), event: customer, to: { awaiting: 'agent' }, effects: ['start_age'] },
    { from: state('active'), event: customer, to: { awaiting: 'agent' }, effects: [] },
    { from: state('active'), event: { type: 'transferred', to: 'queue' }, to: { status: 'queued' }, effects: ['unassign', 'enter_queue'] },
    { from: state('active'), event: { type: 'transferred', to: 'agent' }, to: { status: 'queued' }, effects: ['unassign', 'enter_queue', 'bind_agent'] },
    { from: state('active'), event: { type: 'returned_to_queue' }, to: { status: 'queued' }, effects: ['unassign', 'enter_queue'] },
    { from: state('active'), event: { type: 'wrap_up_started' }, to: { status: 'wrap_up' }, effects: ['start_wrap_up'] },
    { from: state('wrap_up'), event: { type: 'wrap_up_done' }, to: { status: 'resolved', awaiting: 'customer' }, effects: ['end_wrap_up', 'record_resolution'] },
    { from: state('wrap_up', { awaiting: 'customer' }), event: customer, to: { status: 'active', awaiting: 'agent' }, effects: ['start_age', 'end_wrap_up'] },
    { from: state('active', { awaiting: 'customer' }), event: { type: 'snooze' }, to: { status: 'snoozed', awaiting: 'customer' }, effects: ['set_snooze'] },
    { from: state('snoozed', { awaiting: 'customer' }), event: { type: 'wake' }, to: { status: 'queued', awaiting: 'agent' }, effects: ['start_age', 'clear_snooze', 'prefer_last_agent', 'unassign', 'enter_queue'] },
    { from: state('snoozed'), event: { type: 'wake' }, to: { status: 'queued' }, effects: ['clear_snooze', 'prefer_last_agent', 'unassign', 'enter_queue'] },
    { from: state('resolved', { awaiting: 'customer' }), event: { type: 'reopen', by: 'customer' }, to: { status: 'queued', awaiting: 'agent' }, effects: ['clear_resolution', 'start_age', 'prefer_last_agent', 'unassign', 'enter_queue'] },
    { from: state('resolved', { awaiting: 'customer' }), event: { type: 'reopen', by: 'agent' }, to: { status: 'active', awaiting: 'customer' }, effects: ['clear_resolution', 'assign'] },
  ])('$from.status + $event.type → $to', ({ from, event, to, effects }) => {
    const step = transition(from, event)
    expect(step).toMatchObject({ ok: true, next: to, effects })
  })

  test.each<{ from: ConversationStatus; event: ConversationEvent; sentence: string }>([
    { from: 'resolved', event: customer, sentence: 'The conversation is resolved; it cannot take a message without being reopened.' },
    { from: 'queued', event: { type: 'offer_accepted' }, sentence: 'The conversation waits in its queue; it cannot be accepted.' },
    { from: 'active', event: { type: 'offer_accepted' }, sentence: 'The conversation is with an agent; it cannot be accepted.' },
    { from: 'queued', event: { type: 'agent_message' }, sentence: 'The conversation waits in its queue; it cannot be answered before an agent has taken it.' },
    { from: 'active', event: ended('expired'), sentence: 'The conversation is with an agent; it cannot lose an offer it does not have.' },
    { from: 'resolved', event: { type: 'resolve' }, sentence: 'The conversation is resolved; it cannot be resolved.' },
    { from: 'active', event: { type: 'park' }, sentence: 'It cannot be parked: the customer waits for an answer.' },
  ])('$from refuses $event.type with a sentence', ({ from, event, sentence }) => {
    expect(transition(state(from), event)).toEqual({ ok: false, sentence })
  })
})

describe('parking', () => {
  const waiting = state('active', { awaiting: 'customer' })
  const parked = state('active', { awaiting: 'customer', parked: true })

  test('frees the slot until the customer answers and the agent has room', () => {
    expect(transition(waiting, { type: 'park' })).toEqual({ ok: true, next: parked, effects: ['park'] })
    expect(transition(parked, { type: 'customer_message', roomAtAssignee: true })).toEqual({ ok: true, next: state('active'), effects: ['start_age', 'unpark'] })
  })

  test('without room it is routed with its original age', () => {
    const step = transition(parked, customer)
    expect(step).toEqual({ ok: true, next: state('queued'), effects: ['unpark', 'prefer_last_agent', 'unassign', 'enter_queue'] })
  })

  test('parking twice is refused, and a message of the agent leaves it parked', () => {
    expect(transition(parked, { type: 'park' }).ok).toBe(false)
    expect(transition(parked, { type: 'agent_message' })).toMatchObject({ ok: true, next: { parked: true } })
  })
})

const events: fc.Arbitrary<ConversationEvent> = fc.oneof(
  fc.constantFrom<ConversationEvent>(
    { type: 'bot_handed_off' },
    { type: 'offered' },
    { type: 'offer_accepted' },
    { type: 'assigned' },
    { type: 'agent_message' },
    { type: 'returned_to_queue' },
    { type: 'park' },
    { type: 'snooze' },
    { type: 'wake' },
    { type: 'wrap_up_started' },
    { type: 'wrap_up_done' },
    { type: 'resolve' },
  ),
  fc.boolean().map((roomAtAssignee): ConversationEvent => ({ type: 'customer_message', roomAtAssignee })),
  fc.constantFrom('queue' as const, 'agent' as const).map((to): ConversationEvent => ({ type: 'transferred', to })),
  fc.constantFrom('customer' as const, 'agent' as const).map((by): ConversationEvent => ({ type: 'reopen', by })),
  fc.constantFrom('declined' as const, 'expired' as const, 'withdrawn' as const).map((outcome): ConversationEvent => ended(outcome)),
)

/** What a store would hold after writing the effects. */
interface Written {
  assigned: boolean
  waits: boolean
  offers: number
  snoozed: boolean
  wrapsUp: boolean
  parked: boolean
  resolved: boolean
  age: number
}

function write(row: Written, event: ConversationEvent, effects: readonly Effect[], at: number): Written {
  const after = { ...row }
  if (event.type === 'offered') after.offers += 1
  if (event.type === 'offer_ended') after.offers = event.liveOffersLeft
  if (event.type === 'offer_accepted') after.offers -= 1
  for (const effect of effects) Object.assign(after, written[effect]?.(at))
  return after
}

const written: Readonly<Partial<Record<Effect, (at: number) => Partial<Written>>>> = {
  start_age: (at) => ({ age: at }),
  enter_queue: () => ({ waits: true }),
  leave_queue: () => ({ waits: false }),
  withdraw_offers: () => ({ offers: 0 }),
  assign: () => ({ assigned: true }),
  unassign: () => ({ assigned: false }),
  set_snooze: () => ({ snoozed: true }),
  clear_snooze: () => ({ snoozed: false }),
  start_wrap_up: () => ({ wrapsUp: true }),
  end_wrap_up: () => ({ wrapsUp: false }),
  park: () => ({ parked: true }),
  unpark: () => ({ parked: false }),
  record_resolution: () => ({ resolved: true }),
  clear_resolution: () => ({ resolved: false }),
}

/** Whether what is written is what the status promises. */
function agrees({ status, parked }: ConversationState, row: Written): boolean {
  return (
    row.waits === (status === 'queued' || status === 'offered') &&
    row.offers > 0 === (status === 'offered') &&
    row.snoozed === (status === 'snoozed') &&
    row.wrapsUp === (status === 'wrap_up') &&
    row.resolved === (status === 'resolved') &&
    row.parked === parked &&
    (status === 'active' || status === 'wrap_up' ? row.assigned : true) &&
    (status === 'queued' || status === 'offered' || status === 'bot' ? !row.assigned : true)
  )
}

describe('properties', () => {
  const seen = new Set<ConversationStatus>()

  test('nothing is stuck: whatever happens, the effects keep an owner, a place in a queue, or a timer', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(events, { minLength: 30, maxLength: 60 }), (withBot, story) => {
        let now = newConversation(withBot).state
        let row: Written = { assigned: false, waits: !withBot, offers: 0, snoozed: false, wrapsUp: false, parked: false, resolved: false, age: 0 }
        for (const [at, event] of story.entries()) {
          // One offer at a time, as a queue that rings one agent makes them.
          if (event.type === 'offered' && row.offers > 0) continue
          const step = transition(now, event)
          if (!step.ok) {
            expect(step.sentence).toMatch(/^[A-Z].*\.$/)
            continue
          }
          row = write(row, event, step.effects, at)
          now = step.next
          seen.add(now.status)
          expect({ event, now, row, agrees: agrees(now, row) }).toMatchObject({ agrees: true })
        }
      }),
      { seed: 7, numRuns: 1_500 },
    )
    expect([...seen].sort()).toEqual([...conversationStatusSchema.options].sort())
  })

  test('age is never reset while the customer waits', () => {
    fc.assert(
      fc.property(fc.array(events, { minLength: 10, maxLength: 40 }), (story) => {
        let now = newConversation(false).state
        for (const event of story) {
          const step = transition(now, event)
          if (!step.ok) continue
          if (now.awaiting === 'agent' && now.status !== 'bot') expect(step.effects).not.toContain('start_age')
          now = step.next
        }
      }),
      { seed: 7, numRuns: 1_000 },
    )
  })
})

describe('onCustomerContact', () => {
  const hour = 3_600_000
  const now = 1_760_000_000_000
  const resolved = (agoMs: number) => ({ status: 'resolved' as const, resolvedAt: now - agoMs })

  test.each([
    { says: 'no conversation', conversation: null, windowMs: hour, outcome: 'start_new' },
    { says: 'a queued one', conversation: { status: 'queued' as const, resolvedAt: null }, windowMs: hour, outcome: 'append' },
    { says: 'a snoozed one', conversation: { status: 'snoozed' as const, resolvedAt: null }, windowMs: hour, outcome: 'append' },
    { says: 'one in wrap-up', conversation: { status: 'wrap_up' as const, resolvedAt: null }, windowMs: hour, outcome: 'append' },
    { says: 'one resolved within the window', conversation: resolved(hour - 1), windowMs: hour, outcome: 'reopen' },
    { says: 'one resolved just at its end', conversation: resolved(hour), windowMs: hour, outcome: 'start_new_linked' },
    { says: 'one resolved this instant, without a window', conversation: resolved(0), windowMs: 0, outcome: 'start_new_linked' },
    { says: 'one resolved at a time nobody wrote down', conversation: { status: 'resolved' as const, resolvedAt: null }, windowMs: hour, outcome: 'start_new_linked' },
  ])('$says: $outcome', ({ conversation, windowMs, outcome }) => {
    expect(onCustomerContact(conversation, windowMs, now)).toBe(outcome)
  })
})
