import type { Inbound } from '../../../channels/contract.ts'
import { lockConversation, updateConversation } from '../../../db/queries/conversations.ts'
import { messageByExternalId } from '../../../db/queries/messages.ts'
import { outboxByMessage, updateOutbox } from '../../../db/queries/outbox.ts'
import type { Tx } from '../../../db/store.ts'
import { reportOutbox } from '../../core/lifecycle/outbox.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'
import { setDelivery } from './set-delivery.ts'

/**
 * Takes what the provider reports about one of our messages. Status only climbs, whatever the order of
 * reports; what tells nothing new, or is about a message we do not know, changes nothing.
 */
export async function applyReceipt(
  tx: Tx,
  ctx: ServiceContext,
  inbox: OpenInbox,
  item: Extract<Inbound, { type: 'receipt' }>,
): Promise<void> {
  const { status } = item
  if (status === 'queued' || status === 'sending' || status === 'cancelled') return
  const [message] = await messageByExternalId(tx, { inboxId: inbox.id, externalId: item.targetProviderId })
  if (message === undefined || message.delivery === null) return
  const now = ctx.clock.now()
  const step = reportOutbox(message.delivery, status)
  if (!step.ok) return
  const [out] = await outboxByMessage(tx, { messageId: message.id })
  if (out !== undefined) {
    await updateOutbox(
      tx,
      out.id,
      { status: out.status, leaseToken: out.leaseToken },
      { status: step.next, nextAttemptAt: null, updatedAt: now },
    )
  }
  await setDelivery(tx, message, step.next, step.next === 'failed' ? (item.error ?? null) : null, now)
  if (step.next === 'read') await raiseCustomerRead(tx, message.conversationId, message.ordinal, now)
}

async function raiseCustomerRead(tx: Tx, conversationId: string, ordinal: number, now: number): Promise<void> {
  const [row] = await lockConversation(tx, { id: conversationId, now })
  if (row === undefined || row.customerReadCount >= ordinal) return
  await updateConversation(tx, conversationId, { customerReadCount: ordinal })
  tx.append({
    type: 'conversation.changed',
    at: now,
    actorType: 'contact',
    actorId: row.contactId,
    conversationId,
    subjectId: conversationId,
    data: { what: 'customer_read' },
  })
}
