import type { Message } from '../../../src/wire/messages.ts'
import type { OutboxStatus } from '../../../src/wire/words.ts'

/** Where an outgoing message stands: what its own receipt says, or that the customer has read past it. */
export function deliveryOf(message: Message, customerReadCount: number): OutboxStatus | null {
  const status = message.delivery?.status ?? null
  if (status === 'accepted' || status === 'delivered') return message.ordinal <= customerReadCount ? 'read' : status
  return status
}
