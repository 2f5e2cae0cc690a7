import { eq, inArray } from 'drizzle-orm'
import type { Inbound } from '../../../channels/contract.ts'
import { lockThread } from '../../../db/queries/conversations.ts'
import { type MessageRow, messageByExternalId } from '../../../db/queries/messages.ts'
import type { Tx } from '../../../db/store.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'
import { earlyNewsOf, emptyDeliveries, forgetEdits, rememberUnsent } from './early-news.ts'
import { showAsNewest } from './show-as-newest.ts'

/**
 * Takes a customer's message back: its content goes from the record and from the ledger with all its versions, its
 * files are deleted, a tombstone stays in its place. When the message has not come yet, its id is remembered, so that
 * it is not shown when it does.
 */
export async function unsendMessage(
  tx: Tx,
  ctx: ServiceContext,
  inbox: OpenInbox,
  item: Extract<Inbound, { type: 'unsent' }>,
): Promise<void> {
  const now = ctx.clock.now()
  const { targetExternalId } = item
  await lockThread(tx, inbox.id, item.threadKey, now)
  const [message] = await messageByExternalId(tx, { inboxId: inbox.id, externalId: targetExternalId })
  if (message?.unsentAt != null) return
  const news = await earlyNewsOf(tx, inbox.id, targetExternalId)
  await rememberUnsent(tx, inbox.id, targetExternalId, now)
  if (news !== null) await forgetEdits(tx, inbox.id, targetExternalId, news, now)
  if (message === undefined) return
  await dropFiles(tx, ctx, message)
  await tx.db.update(tx.t.messages).set({ parts: [], unsentAt: now, providerIds: null }).where(eq(tx.t.messages.id, message.id))
  await showAsNewest(tx, message, { direction: 'in', kind: 'unsent', text: '' })
  if (message.deliveryId !== null) await emptyDeliveries(tx, [message.deliveryId])
  tx.append({
    type: 'message.changed',
    at: now,
    actorType: 'contact',
    actorId: message.authorId,
    conversationId: message.conversationId,
    subjectId: message.id,
    data: { what: 'unsent' },
  })
}

async function dropFiles(tx: Tx, ctx: ServiceContext, message: MessageRow): Promise<void> {
  const fileIds = message.parts.flatMap((part) => (part.type === 'media' && part.fileId !== undefined ? [part.fileId] : []))
  if (fileIds.length === 0) return
  const { files } = tx.t
  const rows = await tx.db.select({ blobKey: files.blobKey }).from(files).where(inArray(files.id, fileIds))
  await tx.db.update(files).set({ state: 'gone', blobKey: null, source: null, nextAttemptAt: null }).where(inArray(files.id, fileIds))
  for (const { blobKey } of rows) {
    if (blobKey === null) continue
    tx.afterCommit(() => void ctx.blobs.delete(blobKey).catch((error: unknown) => ctx.log.warn({ err: error }, 'unsent file not deleted')))
  }
}
