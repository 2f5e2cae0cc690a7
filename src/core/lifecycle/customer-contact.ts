import type { ConversationStatus } from '../../wire/words.ts'

/** What becomes of a customer's contact. */
export type ContactOutcome = 'append' | 'reopen' | 'start_new_linked' | 'start_new'

/**
 * Where an inbound contact belongs, given the newest conversation of its thread (null = none).
 * @param windowMs how long after its resolution an answer reopens a conversation; 0 = never.
 * @param now epoch milliseconds, the hub's clock.
 */
export function onCustomerContact(
  conversation: { readonly status: ConversationStatus; readonly resolvedAt: number | null } | null,
  windowMs: number,
  now: number,
): ContactOutcome {
  if (conversation === null) return 'start_new'
  if (conversation.status !== 'resolved') return 'append'
  const resolvedAt = conversation.resolvedAt ?? Number.NEGATIVE_INFINITY
  return windowMs > 0 && now - resolvedAt < windowMs ? 'reopen' : 'start_new_linked'
}
