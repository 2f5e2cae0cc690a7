import { inArray } from 'drizzle-orm'
import { appendOwn, type ConversationRow, conversationById, lockConversation } from '../../../db/queries/conversations.ts'
import { insertMessage } from '../../../db/queries/messages.ts'
import type { Tx } from '../../../db/store.ts'
import { newId } from '../../lib/ids.ts'
import { resolveContact } from '../contacts/resolve-contact.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'
import { blankMessage } from '../conversations/append-message.ts'
import { moveConversation } from '../conversations/move-conversation.ts'
import { previewOf } from '../conversations/preview.ts'
import type { ReceivedMessage } from '../conversations/receive-message.ts'
import { startConversation } from '../conversations/start-conversation.ts'
import { storeInboundParts } from '../files/store-inbound-parts.ts'
import type { MailMessage } from './receive-mail.ts'

/**
 * Keeps a mail that asks nobody to act where it belongs: in its thread as it stands, without waking, queueing or reopening
 * it; else in a conversation of its own that is resolved from the start.
 */
export async function fileQuietly(
  tx: Tx,
  ctx: ServiceContext,
  inbox: OpenInbox,
  item: MailMessage,
  thread: ConversationRow | null,
  deliveryId: string,
): Promise<ReceivedMessage> {
  const now = ctx.clock.now()
  const { parts, fileIds } = await storeInboundParts(tx, ctx, inbox, item)
  const conversation = await lockedTarget(tx, inbox, item, thread, now)
  const fresh = thread === null
  const [numbered] = await appendOwn(tx, {
    id: conversation.id,
    at: fresh ? now : null,
    preview: fresh ? previewOf('in', item.parts) : null,
    reads: 0,
  })
  const id = newId()
  const ordinal = numbered?.messageCount ?? 0
  await insertMessage(tx, {
    ...blankMessage(),
    id,
    conversationId: conversation.id,
    inboxId: inbox.id,
    ordinal,
    direction: 'in',
    authorType: 'contact',
    authorId: conversation.contactId,
    authorName: item.authorName ?? null,
    parts,
    mail: item.mail.head,
    externalId: item.externalId,
    providerIds: item.providerIds === undefined ? null : [...item.providerIds],
    deliveryId,
    occurredAt: item.occurredAt,
    createdAt: now,
  })
  if (fileIds.length > 0) {
    await tx.db
      .update(tx.t.files)
      .set({ conversationId: conversation.id, messageId: id })
      .where(inArray(tx.t.files.id, [...fileIds]))
  }
  tx.append({
    type: 'message.created',
    at: now,
    actorType: 'contact',
    actorId: conversation.contactId,
    conversationId: conversation.id,
    subjectId: id,
    data: { direction: 'in', ordinal },
  })
  if (fresh) await resolveAtOnce(tx, conversation.id, now)
  return { id, conversationId: conversation.id }
}

async function lockedTarget(
  tx: Tx,
  inbox: OpenInbox,
  item: MailMessage,
  thread: ConversationRow | null,
  now: number,
): Promise<ConversationRow> {
  const id = thread?.id ?? (await startFor(tx, inbox, item, now))
  const [row] = await lockConversation(tx, { id, now })
  if (row === undefined) throw new Error('the conversation of a mail cannot be found')
  return row
}

async function startFor(tx: Tx, inbox: OpenInbox, item: MailMessage, now: number): Promise<string> {
  const { contactId, point } = await resolveContact(tx, item.party, { at: item.occurredAt, locale: null }, now)
  const { id } = await startConversation(tx, inbox, {
    contactId,
    pointId: point.id,
    threadKey: item.threadKey,
    previousId: null,
    lastAgentId: null,
    text: '',
    subject: item.mail.head.subject,
    now,
  })
  return id
}

async function resolveAtOnce(tx: Tx, conversationId: string, now: number): Promise<void> {
  const [row] = await conversationById(tx, { id: conversationId })
  if (row === undefined || row.status === 'resolved') return
  await moveConversation(tx, row, { event: { type: 'resolve' }, actor: { type: 'system', id: 'automatic mail' }, now })
}
