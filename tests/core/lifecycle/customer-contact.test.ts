import { describe, expect, test } from 'vitest'
import { onCustomerContact } from '../../../src/core/lifecycle/customer-contact.ts'

describe('onCustomerContact', () => {
  const hour = 3_600_000
  const now = 1_760_000_000_000
  const resolved = (agoMs: number) => ({ status: 'resolved' as const, resolvedAt: now - agoMs })

  test.each([
    { says: 'no conversation', conversation: null, windowMs: hour, outcome: 'start_new' },
    {
      says: 'a queued one',
      conversation: { status: 'queued' as const, resolvedAt: null },
      windowMs: hour,
      outcome: 'append',
    },
    {
      says: 'a snoozed one',
      conversation: { status: 'snoozed' as const, resolvedAt: null },
      windowMs: hour,
      outcome: 'append',
    },
    {
      says: 'one in wrap-up',
      conversation: { status: 'wrap_up' as const, resolvedAt: null },
      windowMs: hour,
      outcome: 'append',
    },
    { says: 'one resolved within the window', conversation: resolved(hour - 1), windowMs: hour, outcome: 'reopen' },
    { says: 'one resolved just at its end', conversation: resolved(hour), windowMs: hour, outcome: 'start_new_linked' },
    {
      says: 'one resolved this instant, without a window',
      conversation: resolved(0),
      windowMs: 0,
      outcome: 'start_new_linked',
    },
    {
      says: 'one resolved at a time nobody wrote down',
      conversation: { status: 'resolved' as const, resolvedAt: null },
      windowMs: hour,
      outcome: 'start_new_linked',
    },
  ])('$says: $outcome', ({ conversation, windowMs, outcome }) => {
    expect(onCustomerContact(conversation, windowMs, now)).toBe(outcome)
  })
})
