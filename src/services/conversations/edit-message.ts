import { eq } from 'drizzle-orm'
import type { Inbound } from '../../../channels/contract.ts'
import { lockThread } from '../../../db/queries/conversations.ts'
import { type MessageRow, messageByExternalId } from '../../../db/queries/messages.ts'
import type { Tx } from '../../../db/store.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'
import { storeInboundParts } from '../files/store-inbound-parts.ts'
import { type Edit, earlyNewsOf, emptyDeliveries, rememberEdit } from './early-news.ts'
import { previewOf } from './preview.ts'
import { showAsNewest } from './show-as-newest.ts'

/**
 * Replaces the parts of a customer's message by a newer version. Versions may come out of order, and before the
 * message: the one with the latest provider time wins. What was taken back stays so.
 */
export async function editMessage(
  tx: Tx,
  ctx: ServiceContext,
  inbox: OpenInbox,
  item: Extract<Inbound, { type: 'edited' }>,
  deliveryId: string,
): Promise<void> {
  const { targetExternalId, occurredAt, parts } = item
  const now = ctx.clock.now()
  await lockThread(tx, inbox.id, item.threadKey, now)
  const [message] = await messageByExternalId(tx, { inboxId: inbox.id, externalId: targetExternalId })
  const news = await earlyNewsOf(tx, inbox.id, targetExternalId)
  if (news?.unsent === true) return emptyDeliveries(tx, [deliveryId])
  const deliveryIds = [...(news?.deliveryIds ?? []), deliveryId]
  const known = news?.edit ?? null
  const edit = known === null || known.occurredAt < occurredAt ? { occurredAt, parts } : known
  await rememberEdit(tx, inbox.id, targetExternalId, { edit: message === undefined ? edit : null, deliveryIds }, now)
  if (message !== undefined && (message.editedAt ?? message.occurredAt) < occurredAt) await showEdit(tx, ctx, inbox, message, edit)
}

/** Puts a version into a message that is there. */
export async function showEdit(
  tx: Tx,
  ctx: ServiceContext,
  inbox: OpenInbox,
  message: Pick<MessageRow, 'id' | 'conversationId' | 'ordinal' | 'authorId'>,
  edit: Edit,
): Promise<void> {
  const { parts } = await storeInboundParts(tx, ctx, inbox, edit)
  await tx.db.update(tx.t.messages).set({ parts, editedAt: edit.occurredAt }).where(eq(tx.t.messages.id, message.id))
  await showAsNewest(tx, message, previewOf('in', parts))
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
