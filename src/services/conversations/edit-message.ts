import { eq } from 'drizzle-orm'
import type { Inbound } from '../../../channels/contract.ts'
import { messageByExternalId } from '../../../db/queries/messages.ts'
import type { Tx } from '../../../db/store.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'
import { storeInboundParts } from '../files/store-inbound-parts.ts'

/**
 * Replaces the parts of a customer's message by a newer revision. Revisions may come out of order: the one
 * with the latest provider time wins. An edit of a message we do not have changes nothing.
 */
export async function editMessage(
  tx: Tx,
  ctx: ServiceContext,
  inbox: OpenInbox,
  item: Extract<Inbound, { type: 'edited' }>,
): Promise<void> {
  const [message] = await messageByExternalId(tx, { inboxId: inbox.id, externalId: item.targetExternalId })
  if (message === undefined || message.unsentAt !== null || (message.editedAt ?? message.occurredAt) >= item.occurredAt) return
  const { parts } = await storeInboundParts(tx, ctx, inbox, item)
  await tx.db.update(tx.t.messages).set({ parts, editedAt: item.occurredAt }).where(eq(tx.t.messages.id, message.id))
  tx.append({
    type: 'message.changed',
    at: ctx.clock.now(),
    actorType: 'contact',
    actorId: message.authorId,
    conversationId: message.conversationId,
    subjectId: message.id,
    data: { what: 'edited' },
  })
}
