import type { SlaTarget } from '../../wire/sla-policies.ts'
import { endClock, type HoursOf, pauseClock, resumeClock, retimeClock, type SlaClock, startClock } from './clock.ts'
import type { ClockTerms } from './policy.ts'

/** What happens to a conversation that its promises follow. */
export type SlaEvent =
  /** The customer wrote or called. */
  | { readonly type: 'customer_message' }
  /** A person answered; a bot's answer is none. `awaitsCustomer`: the next word is the customer's. */
  | { readonly type: 'agent_message'; readonly awaitsCustomer: boolean }
  | { readonly type: 'snoozed' }
  | { readonly type: 'woken' }
  | { readonly type: 'resolved' }
  | { readonly type: 'reopened' }
  /** The policy, its calendar, or the priority has changed. */
  | { readonly type: 'terms_changed' }

/** What a conversation is promised now, by target; null = nothing. */
export type TermsOf = (target: SlaTarget) => ClockTerms | null

/** How promises are followed: what they are, whose hours count, and which pauses stop the resolution clock. */
export interface SlaContext {
  readonly termsOf: TermsOf
  readonly hoursOf: HoursOf
  readonly pauseWhile: readonly ('snoozed' | 'awaiting_customer')[]
}

/**
 * Carries a conversation's clocks on by one event at `at` (epoch ms). A message of the customer's starts a response clock unless one
 * runs, so that it counts from the oldest message without an answer; a person's answer ends it. The resolution clock runs from the
 * first message to the end, and stands still in the pauses the policy names.
 * @param clocks all clocks of the conversation, ended ones included.
 * @returns the same list with what has changed or begun.
 */
export function followSla(clocks: readonly SlaClock[], event: SlaEvent, at: number, context: SlaContext): readonly SlaClock[] {
  switch (event.type) {
    case 'customer_message':
      return resumed(
        started(started(clocks, responseTarget(clocks), at, context), 'resolution', at, context),
        'awaiting_customer',
        at,
        context,
      )
    case 'agent_message': {
      const answered = ended(clocks, ['first_response', 'next_response'], at, 'kept')
      return event.awaitsCustomer ? paused(answered, 'awaiting_customer', at, context) : answered
    }
    case 'snoozed':
      return paused(clocks, 'snoozed', at, context)
    case 'woken':
      return resumed(clocks, 'snoozed', at, context)
    case 'resolved':
      return ended(ended(clocks, ['first_response', 'next_response'], at, 'cancelled'), ['resolution'], at, 'kept')
    case 'reopened':
      return started(clocks, 'resolution', at, context)
    case 'terms_changed':
      return clocks.map((clock) => onNewTerms(clock, at, context))
  }
}

/** The next deadline of those that run, epoch ms; null = none. What is overdue counts until it is done. */
export function nextDeadline(clocks: readonly SlaClock[]): number | null {
  const due = clocks.flatMap(({ endedAt, dueAt }) => (endedAt === null && dueAt !== null ? [dueAt] : []))
  return due.length === 0 ? null : Math.min(...due)
}

/** A first response is owed once; afterwards answers are. */
function responseTarget(clocks: readonly SlaClock[]): 'first_response' | 'next_response' {
  const answered = clocks.some(({ target, outcome }) => target === 'first_response' && (outcome === 'met' || outcome === 'missed'))
  return answered ? 'next_response' : 'first_response'
}

function started(clocks: readonly SlaClock[], target: SlaTarget, at: number, { termsOf, hoursOf }: SlaContext): readonly SlaClock[] {
  const terms = termsOf(target)
  const runs = clocks.some((clock) => clock.target === target && clock.endedAt === null)
  return terms === null || runs ? clocks : [...clocks, startClock(target, terms, at, hoursOf)]
}

function ended(clocks: readonly SlaClock[], targets: readonly SlaTarget[], at: number, how: 'kept' | 'cancelled'): readonly SlaClock[] {
  return clocks.map((clock) => (targets.includes(clock.target) ? endClock(clock, at, how) : clock))
}

/** Response clocks run only while an answer is owed, so waiting for the customer is nothing to them; a snooze holds any. */
function paused(
  clocks: readonly SlaClock[],
  reason: 'snoozed' | 'awaiting_customer',
  at: number,
  { hoursOf, pauseWhile }: SlaContext,
): readonly SlaClock[] {
  if (!pauseWhile.includes(reason)) return clocks
  return clocks.map((clock) => (reason === 'snoozed' || clock.target === 'resolution' ? pauseClock(clock, reason, at, hoursOf) : clock))
}

function resumed(
  clocks: readonly SlaClock[],
  reason: 'snoozed' | 'awaiting_customer',
  at: number,
  { hoursOf }: SlaContext,
): readonly SlaClock[] {
  return clocks.map((clock) => resumeClock(clock, reason, at, hoursOf))
}

function onNewTerms(clock: SlaClock, at: number, { termsOf, hoursOf }: SlaContext): SlaClock {
  if (clock.endedAt !== null) return clock
  const terms = termsOf(clock.target)
  return terms === null ? endClock(clock, at, 'cancelled') : retimeClock(clock, terms, at, hoursOf)
}
