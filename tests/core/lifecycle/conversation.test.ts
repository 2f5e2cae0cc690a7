import { describe, expect, test } from 'vitest'
import { transition } from '../../../src/core/lifecycle/conversation.ts'
import type { ConversationEvent, ConversationState, Effect } from '../../../src/core/lifecycle/conversation-state.ts'
import type { ConversationStatus } from '../../../src/wire/words.ts'

const state = (status: ConversationStatus, said: Partial<ConversationState> = {}): ConversationState => ({
  status,
  awaiting: 'agent',
  parked: false,
  ...said,
})
const ended = (outcome: 'declined' | 'expired' | 'withdrawn', liveOffersLeft = 0): ConversationEvent => ({
  type: 'offer_ended',
  outcome,
  liveOffersLeft,
})
const customer: ConversationEvent = { type: 'customer_message' }

describe('the table', () => {
  test.each<{ from: ConversationState; event: ConversationEvent; to: Partial<ConversationState>; effects: Effect[] }>([
    { from: state('bot'), event: customer, to: { status: 'bot' }, effects: [] },
    {
      from: state('bot'),
      event: { type: 'bot_handed_off' },
      to: { status: 'queued' },
      effects: ['start_age', 'enter_queue'],
    },
    { from: state('queued'), event: customer, to: { status: 'queued' }, effects: [] },
    { from: state('queued'), event: { type: 'offered' }, to: { status: 'offered' }, effects: [] },
    {
      from: state('queued'),
      event: { type: 'assigned' },
      to: { status: 'active', awaiting: 'agent' },
      effects: ['leave_queue', 'assign'],
    },
    {
      from: state('offered'),
      event: { type: 'offer_accepted' },
      to: { status: 'active', awaiting: 'agent' },
      effects: ['withdraw_offers', 'leave_queue', 'assign'],
    },
    { from: state('offered'), event: ended('declined'), to: { status: 'queued' }, effects: ['avoid_agent'] },
    {
      from: state('offered'),
      event: ended('expired'),
      to: { status: 'queued' },
      effects: ['avoid_agent', 'agent_not_responding'],
    },
    { from: state('offered'), event: ended('withdrawn'), to: { status: 'queued' }, effects: [] },
    {
      from: state('offered'),
      event: ended('expired', 1),
      to: { status: 'offered' },
      effects: ['avoid_agent', 'agent_not_responding'],
    },
    {
      from: state('active'),
      event: { type: 'agent_message' },
      to: { status: 'active', awaiting: 'customer' },
      effects: ['record_answer'],
    },
    {
      from: state('active', { awaiting: 'customer' }),
      event: customer,
      to: { awaiting: 'agent' },
      effects: ['start_age'],
    },
    { from: state('active'), event: customer, to: { awaiting: 'agent' }, effects: [] },
    {
      from: state('active'),
      event: { type: 'transferred', to: 'queue' },
      to: { status: 'queued' },
      effects: ['unassign', 'enter_queue'],
    },
    {
      from: state('active'),
      event: { type: 'transferred', to: 'agent' },
      to: { status: 'queued' },
      effects: ['unassign', 'enter_queue', 'bind_agent'],
    },
    {
      from: state('active'),
      event: { type: 'returned_to_queue' },
      to: { status: 'queued' },
      effects: ['unassign', 'enter_queue'],
    },
    {
      from: state('active'),
      event: { type: 'wrap_up_started' },
      to: { status: 'wrap_up' },
      effects: ['start_wrap_up'],
    },
    {
      from: state('active', { awaiting: 'customer', parked: true }),
      event: { type: 'wrap_up_started', roomAtAssignee: true },
      to: { status: 'wrap_up', parked: false },
      effects: ['unpark', 'start_wrap_up'],
    },
    {
      from: state('active', { awaiting: 'customer', parked: true }),
      event: { type: 'wrap_up_started', roomAtAssignee: false },
      to: { status: 'wrap_up', parked: true },
      effects: ['start_wrap_up'],
    },
    {
      from: state('wrap_up', { awaiting: 'customer', parked: true }),
      event: { type: 'customer_message', roomAtAssignee: false },
      to: { status: 'queued', awaiting: 'agent', parked: false },
      effects: ['unpark', 'end_wrap_up', 'prefer_last_agent', 'unassign', 'enter_queue'],
    },
    {
      from: state('wrap_up'),
      event: { type: 'wrap_up_done' },
      to: { status: 'resolved', awaiting: 'customer' },
      effects: ['end_wrap_up', 'record_resolution'],
    },
    {
      from: state('wrap_up', { awaiting: 'customer' }),
      event: customer,
      to: { status: 'active', awaiting: 'agent' },
      effects: ['start_age', 'end_wrap_up'],
    },
    {
      from: state('active', { awaiting: 'customer' }),
      event: { type: 'snooze' },
      to: { status: 'snoozed', awaiting: 'customer' },
      effects: ['set_snooze'],
    },
    {
      from: state('snoozed', { awaiting: 'customer' }),
      event: { type: 'wake' },
      to: { status: 'queued', awaiting: 'agent' },
      effects: ['start_age', 'clear_snooze', 'prefer_last_agent', 'unassign', 'enter_queue'],
    },
    {
      from: state('snoozed'),
      event: { type: 'wake' },
      to: { status: 'queued' },
      effects: ['clear_snooze', 'prefer_last_agent', 'unassign', 'enter_queue'],
    },
    {
      from: state('resolved', { awaiting: 'customer' }),
      event: { type: 'reopen', by: 'customer' },
      to: { status: 'queued', awaiting: 'agent' },
      effects: ['clear_resolution', 'start_age', 'prefer_last_agent', 'unassign', 'enter_queue'],
    },
    {
      from: state('resolved', { awaiting: 'customer' }),
      event: { type: 'reopen', by: 'agent' },
      to: { status: 'active', awaiting: 'customer' },
      effects: ['clear_resolution', 'assign'],
    },
  ])('$from.status + $event.type → $to', ({ from, event, to, effects }) => {
    const step = transition(from, event)
    expect(step).toMatchObject({ ok: true, next: to, effects })
  })

  test.each<{ from: ConversationStatus; event: ConversationEvent; sentence: string }>([
    {
      from: 'resolved',
      event: customer,
      sentence: 'The conversation is resolved; it cannot take a message without being reopened.',
    },
    {
      from: 'queued',
      event: { type: 'offer_accepted' },
      sentence: 'The conversation waits in its queue; it cannot be accepted.',
    },
    {
      from: 'active',
      event: { type: 'offer_accepted' },
      sentence: 'The conversation is with an agent; it cannot be accepted.',
    },
    {
      from: 'queued',
      event: { type: 'agent_message' },
      sentence: 'The conversation waits in its queue; it cannot be answered before an agent has taken it.',
    },
    {
      from: 'active',
      event: ended('expired'),
      sentence: 'The conversation is with an agent; it cannot lose an offer it does not have.',
    },
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
    expect(transition(parked, { type: 'customer_message', roomAtAssignee: true })).toEqual({
      ok: true,
      next: state('active'),
      effects: ['start_age', 'unpark'],
    })
  })

  test('without room it is routed with its original age', () => {
    const step = transition(parked, customer)
    expect(step).toEqual({
      ok: true,
      next: state('queued'),
      effects: ['unpark', 'prefer_last_agent', 'unassign', 'enter_queue'],
    })
  })

  test('parking twice is refused, and a message of the agent leaves it parked', () => {
    expect(transition(parked, { type: 'park' }).ok).toBe(false)
    expect(transition(parked, { type: 'agent_message' })).toMatchObject({ ok: true, next: { parked: true } })
  })
})
