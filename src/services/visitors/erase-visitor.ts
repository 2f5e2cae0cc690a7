import { and, eq, gt, inArray } from 'drizzle-orm'
import { type ConversationRow, updateConversation } from '../../../db/queries/conversations.ts'
import { conversationsOfThread } from '../../../db/queries/visitors.ts'
import type { Tx } from '../../../db/store.ts'
import type { Actor } from '../../wire/words.ts'
import type { ServiceContext } from '../context.ts'
import { appendLine } from '../conversations/append-message.ts'
import { emptyDeliveries } from '../conversations/early-news.ts'
import { moveConversation } from '../conversations/move-conversation.ts'
import type { Visitor } from './chat-inbox.ts'
import { eraseContact } from './erase-contact.ts'
import { appendVisitorEnded, changeVisitor } from './visitor-record.ts'

/** Messages emptied in one transaction. */
const batch = 200

/**
 * Deletes what a visitor has left here, at their own wish: what was said in their thread, by either side and in notes about it;
 * their files; the payloads of the ledger; forms, consents and profile; and the customer record, unless it also belongs to
 * somebody known by another address. What stays are empty rows with times, so that numbers of the past remain true. Work that
 * was open is resolved. Every token ends. Run again after a crash it goes on where it stopped.
 */
export async function eraseVisitor(ctx: ServiceContext, visitor: Visitor): Promise<void> {
  const { inbox, visitorId } = visitor
  const now = ctx.clock.now()
  const conversations = await conversationsOfThread(ctx.store, inbox.id, visitorId)
  // First nobody can add to it any more, then it is emptied.
  await ctx.store.tx(async (tx) => {
    await changeVisitor(tx, { visitorId, inboxId: inbox.id }, { validFrom: now + 1, erasedAt: now }, now)
    appendVisitorEnded(tx, visitorId, 'erased', now)
  })
  for (const { id } of conversations) await emptyConversation(ctx, id)
  await ctx.store.tx(async (tx) => {
    for (const row of await conversationsOfThread(tx, inbox.id, visitorId)) await closeErased(tx, row, now)
    const contactIds = new Set(conversations.map(({ contactId }) => contactId))
    for (const contactId of contactIds) await eraseContact(tx, { contactId, visitorId, externalId: visitor.externalId, now })
    await tx.db.update(tx.t.visitors).set({ profile: {}, externalId: null }).where(eq(tx.t.visitors.id, visitorId))
  })
}

/** Empties the messages of a conversation, batch after batch. */
async function emptyConversation(ctx: ServiceContext, conversationId: string): Promise<void> {
  const { messages } = ctx.store.t
  let after = 0
  for (;;) {
    const rows = await ctx.store.db
      .select({ id: messages.id, ordinal: messages.ordinal, deliveryId: messages.deliveryId, direction: messages.direction })
      .from(messages)
      .where(and(eq(messages.conversationId, conversationId), gt(messages.ordinal, after)))
      .orderBy(messages.ordinal)
      .limit(batch)
    if (rows.length === 0) break
    after = rows.at(-1)?.ordinal ?? after
    const said = rows.filter(({ direction }) => direction !== 'system')
    await ctx.store.tx((tx) => emptyMessages(tx, ctx, conversationId, said))
  }
  await ctx.store.tx((tx) => dropFilesOf(tx, ctx, conversationId))
}

async function emptyMessages(
  tx: Tx,
  ctx: ServiceContext,
  conversationId: string,
  rows: readonly { readonly id: string; readonly deliveryId: string | null }[],
): Promise<void> {
  if (rows.length === 0) return
  const now = ctx.clock.now()
  const { messages } = tx.t
  await tx.db
    .update(messages)
    .set({ parts: [], unsentAt: now, providerIds: null, authorName: null })
    .where(
      inArray(
        messages.id,
        rows.map(({ id }) => id),
      ),
    )
  await emptyDeliveries(
    tx,
    rows.flatMap(({ deliveryId }) => deliveryId ?? []),
  )
  for (const { id } of rows) {
    tx.append({
      type: 'message.changed',
      at: now,
      actorType: 'system',
      actorId: 'erasure',
      conversationId,
      subjectId: id,
      data: { what: 'unsent' },
    })
  }
}

async function dropFilesOf(tx: Tx, ctx: ServiceContext, conversationId: string): Promise<void> {
  const { files } = tx.t
  const rows = await tx.db.select({ id: files.id, blobKey: files.blobKey }).from(files).where(eq(files.conversationId, conversationId))
  if (rows.length === 0) return
  await tx.db
    .update(files)
    .set({ state: 'gone', blobKey: null, source: null, nextAttemptAt: null, publicToken: null, name: 'erased' })
    .where(eq(files.conversationId, conversationId))
  for (const { blobKey } of rows) {
    if (blobKey === null) continue
    tx.afterCommit(() => void ctx.blobs.delete(blobKey).catch((error: unknown) => ctx.log.warn({ err: error }, 'erased file not deleted')))
  }
}

async function closeErased(tx: Tx, row: ConversationRow, now: number): Promise<void> {
  const actor: Actor = { type: 'contact', id: row.contactId }
  if (row.status !== 'resolved') {
    await moveConversation(tx, row, { event: { type: 'resolve' }, actor, now })
    await appendLine(tx, row, actor, now, 'visitor.erased')
  }
  await updateConversation(tx, row.id, {
    preview: row.preview === null ? null : { direction: row.preview.direction, kind: 'unsent', text: '' },
    subject: null,
    wrapUpNote: null,
  })
}
