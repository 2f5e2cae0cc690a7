import type { Inbound } from '../../../channels/contract.ts'
import { lockConversation, updateConversation } from '../../../db/queries/conversations.ts'
import { type MessageRow, messageByExternalId, messageById } from '../../../db/queries/messages.ts'
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
  const message = await targetOf(tx, inbox, item)
  if (message === undefined || message.delivery === null) return
  const ours = message.externalId === item.targetProviderId || message.externalId === null
  // Of an attempt before the present one only a success matters: the message has arrived after all.
  if (!ours && status !== 'delivered' && status !== 'read') return
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
  const learnt =
    message.externalId === null
      ? { externalId: item.targetProviderId, providerIds: [{ kind: 'receipt', value: item.targetProviderId }] }
      : {}
  await setDelivery(tx, message, step.next, step.next === 'failed' ? (item.error ?? null) : null, now, learnt)
  if (step.next === 'read') await raiseCustomerRead(tx, message.conversationId, message.ordinal, now)
}

/** By the provider's id; by our own where the provider sent it back and the answer with the provider's was lost. */
async function targetOf(tx: Tx, inbox: OpenInbox, item: Extract<Inbound, { type: 'receipt' }>): Promise<MessageRow | undefined> {
  const [known] = await messageByExternalId(tx, { inboxId: inbox.id, externalId: item.targetProviderId })
  if (known !== undefined || item.targetMessageId === undefined) return known
  const [named] = await messageById(tx, { id: item.targetMessageId })
  return named?.inboxId === inbox.id && named.direction === 'out' ? named : undefined
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
