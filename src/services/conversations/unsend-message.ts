import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Inbound } from '../../../channels/contract.ts'
import { conversationById, updateConversation } from '../../../db/queries/conversations.ts'
import { insertDelivery } from '../../../db/queries/deliveries.ts'
import { type MessageRow, messageByExternalId } from '../../../db/queries/messages.ts'
import { statement } from '../../../db/statement.ts'
import type { Tx } from '../../../db/store.ts'
import { newId } from '../../lib/ids.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'

/**
 * Takes a customer's message back: its content goes from the record, its files are deleted, a tombstone
 * stays in its place. When the message has not come yet, its id is remembered in the ledger, so that it
 * is not shown when it does.
 */
export async function unsendMessage(
  tx: Tx,
  ctx: ServiceContext,
  inbox: OpenInbox,
  item: Extract<Inbound, { type: 'unsent' }>,
): Promise<void> {
  const now = ctx.clock.now()
  const [message] = await messageByExternalId(tx, { inboxId: inbox.id, externalId: item.targetExternalId })
  if (message === undefined) {
    await rememberUnsent(tx, inbox.id, item.targetExternalId, now)
    return
  }
  if (message.unsentAt !== null) return
  await dropFiles(tx, ctx, message)
  await tx.db.update(tx.t.messages).set({ parts: [], unsentAt: now, providerIds: null }).where(eq(tx.t.messages.id, message.id))
  await clearPreview(tx, message)
  if (message.deliveryId !== null) await tx.db.update(tx.t.deliveries).set({ raw: '{}' }).where(eq(tx.t.deliveries.id, message.deliveryId))
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

const unsentMark = statement<{ inboxId: string; externalId: string }, { id: string }>('unsent_mark', ({ db, t }) =>
  db
    .select({ id: t.deliveries.id })
    .from(t.deliveries)
    .where(and(eq(t.deliveries.inboxId, sql.placeholder('inboxId')), eq(t.deliveries.externalId, sql.placeholder('externalId'))))
    .limit(1),
)

/** Whether a message was taken back before it came. */
export async function wasUnsent(tx: Tx, inboxId: string, externalId: string): Promise<boolean> {
  return (await unsentMark(tx, { inboxId, externalId: `unsent:${externalId}` })).length > 0
}

/** A row without content that `wasUnsent` finds. */
async function rememberUnsent(tx: Tx, inboxId: string, externalId: string, now: number): Promise<void> {
  await insertDelivery(tx, {
    id: newId(),
    inboxId,
    externalId: `unsent:${externalId}`,
    status: 'processed',
    raw: '{}',
    encoding: 'utf8',
    bodyId: null,
    error: null,
    attempts: 1,
    repeats: 0,
    receivedAt: now,
    processedAt: now,
  })
}

async function dropFiles(tx: Tx, ctx: ServiceContext, message: MessageRow): Promise<void> {
  const fileIds = message.parts.flatMap((part) => (part.type === 'media' && part.fileId !== undefined ? [part.fileId] : []))
  if (fileIds.length === 0) return
  const files = await tx.db.select({ blobKey: tx.t.files.blobKey }).from(tx.t.files).where(inArray(tx.t.files.id, fileIds))
  await tx.db
    .update(tx.t.files)
    .set({ state: 'gone', blobKey: null, source: null, nextAttemptAt: null })
    .where(inArray(tx.t.files.id, fileIds))
  for (const { blobKey } of files) {
    if (blobKey !== null)
      tx.afterCommit(
        () => void ctx.blobs.delete(blobKey).catch((error: unknown) => ctx.log.warn({ err: error }, 'unsent file not deleted')),
      )
  }
}

async function clearPreview(tx: Tx, message: MessageRow): Promise<void> {
  const [conversation] = await conversationById(tx, { id: message.conversationId })
  if (conversation === undefined || conversation.messageCount !== message.ordinal) return
  await updateConversation(tx, conversation.id, { preview: { direction: 'in', kind: 'unsent', text: '' } })
}
