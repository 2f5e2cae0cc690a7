import { eq } from 'drizzle-orm'
import type { MessageRow } from '../../../db/queries/messages.ts'
import type { Tx } from '../../../db/store.ts'
import type { SendError } from '../../wire/messages.ts'
import type { OutboxStatus } from '../../wire/words.ts'

/** Shows on the message how its sending stands, and tells the log. */
export async function setDelivery(
  tx: Tx,
  message: Pick<MessageRow, 'id' | 'conversationId'>,
  status: OutboxStatus,
  error: SendError | null,
  now: number,
  changes: Partial<Pick<MessageRow, 'externalId' | 'providerIds'>> = {},
): Promise<void> {
  await tx.db
    .update(tx.t.messages)
    .set({ delivery: status, deliveryError: error, ...changes })
    .where(eq(tx.t.messages.id, message.id))
  tx.append({
    type: 'message.changed',
    at: now,
    actorType: 'system',
    actorId: 'outbox',
    conversationId: message.conversationId,
    subjectId: message.id,
    data: { what: 'delivery', status },
  })
}
