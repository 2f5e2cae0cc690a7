import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newConversation, transition } from '../../../src/core/lifecycle/conversation.ts'
import type { ConversationEvent, ConversationState, Effect } from '../../../src/core/lifecycle/conversation-state.ts'
import { type ConversationStatus, conversationStatusSchema } from '../../../src/wire/words.ts'

const ended = (outcome: 'declined' | 'expired' | 'withdrawn'): ConversationEvent => ({
  type: 'offer_ended',
  outcome,
  liveOffersLeft: 0,
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
    { type: 'wrap_up_done' },
    { type: 'resolve' },
  ),
  fc.boolean().map((roomAtAssignee): ConversationEvent => ({ type: 'customer_message', roomAtAssignee })),
  fc.boolean().map((roomAtAssignee): ConversationEvent => ({ type: 'wrap_up_started', roomAtAssignee })),
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
        let row: Written = {
          assigned: false,
          waits: !withBot,
          offers: 0,
          snoozed: false,
          wrapsUp: false,
          parked: false,
          resolved: false,
          age: 0,
        }
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
