import { and, eq, inArray, isNull } from 'drizzle-orm'
import { pointById } from '../../../db/queries/contacts.ts'
import { type ConversationRow, conversationById } from '../../../db/queries/conversations.ts'
import { type MessageRow, messageByClientId } from '../../../db/queries/messages.ts'
import { messagesSince } from '../../../db/queries/messages-since.ts'
import { insertOutbox } from '../../../db/queries/outbox.ts'
import type { Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import type { SendInput } from '../../wire/messages.ts'
import type { ServiceContext } from '../context.ts'
import { composeMail, keepMail } from '../mail/compose-mail.ts'
import { appendMessage } from './append-message.ts'
import { checkParts, fileIdsOf } from './check-parts.ts'
import { lockedConversation } from './locked-conversation.ts'
import { moveConversation } from './move-conversation.ts'

/**
 * Writes an agent's reply (queued for its channel) or note. The same `clientId` again returns the message
 * that is there. With `seenSeq` the reply guard holds a reply when the customer or a colleague wrote meanwhile.
 * @throws AppError 'invalid_input' when the channel cannot carry it; 'conflict' with code `newer_messages`
 *   (details.messageIds: what is new), `blocked`, or `wrong_state`; 'not_found', 'forbidden'.
 */
export async function sendMessage(
  ctx: ServiceContext,
  viewer: Viewer,
  conversationId: string,
  input: SendInput,
): Promise<{ messageId: string }> {
  const permission = input.kind === 'note' ? 'conversation.note' : 'conversation.reply'
  const { capabilities, identity } = input.kind === 'note' ? nothingCarried : await carrierOf(ctx, conversationId)
  return ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const row = await lockedConversation(tx, viewer, permission, conversationId, now)
    const [repeat] = await messageByClientId(tx, { conversationId, clientId: input.clientId })
    if (repeat !== undefined) return repeated(repeat, viewer)
    const parts = await checkParts(tx, conversationId, input.parts, capabilities)
    if (input.kind === 'reply') {
      await refuseBlocked(tx, row)
      if (!input.force) await guardReply(tx, viewer, conversationId, input.seenSeq)
      await moveConversation(tx, row, { event: { type: 'agent_message' }, actor: { type: 'agent', id: viewer.agentId }, now })
    }
    const quotedMessageId = await quotedIn(tx, conversationId, input.quotedMessageId)
    const { agentId } = viewer
    const mail =
      identity === null
        ? null
        : await composeMail(tx, { conversation: row, identity, agentId, parts, mail: input.mail, quotedMessageId, now })
    const message = await appendMessage(tx, {
      conversationId,
      inboxId: row.inboxId,
      direction: input.kind === 'note' ? 'note' : 'out',
      parts,
      actor: { type: 'agent', id: agentId },
      now,
      clientId: input.clientId,
      quotedMessageId,
      ...(input.kind === 'reply' ? { delivery: 'queued' as const } : {}),
      ...(mail === null ? {} : { id: mail.id, parts: mail.parts, mail: mail.mail, quotedMessageId: mail.quotedMessageId }),
    })
    if (mail !== null) await keepMail(tx, mail, { conversationId, inboxId: row.inboxId, now })
    await claimFiles(tx, input, conversationId, row.inboxId)
    if (input.kind === 'reply') await queueForSending(tx, ctx, message, now, input.undoMs ?? identity?.undoMs ?? 0)
    return { messageId: message.id }
  })
}

const nothingCarried = { capabilities: null, identity: null }

/** What the conversation's channel carries; where that is mail, under which name. */
async function carrierOf(ctx: ServiceContext, conversationId: string) {
  const [row] = await conversationById(ctx.store, { id: conversationId })
  if (row === undefined) throw new AppError('not_found', 'There is no such conversation.')
  const { capabilities } = ctx.inboxes.channel(row.channel)
  const identity = capabilities.mail === true ? ((await ctx.inboxes.get(row.inboxId)).session.mail ?? null) : null
  return { capabilities, identity }
}

function repeated(message: MessageRow, viewer: Viewer): { messageId: string } {
  if (message.authorId !== viewer.agentId)
    throw new AppError('conflict', 'This client id was used by somebody else.', { code: 'client_id_taken' })
  return { messageId: message.id }
}

async function refuseBlocked(tx: Tx, row: ConversationRow): Promise<void> {
  const [point] = await pointById(tx, { id: row.contactPointId })
  if (point !== undefined && point.blockedAt !== null) {
    throw new AppError('conflict', 'The customer no longer takes messages on this channel.', { code: 'blocked' })
  }
}

/** Holds a reply written without knowing what others have said since. */
async function guardReply(tx: Tx, viewer: Viewer, conversationId: string, seenSeq: number | undefined): Promise<void> {
  if (seenSeq === undefined) return
  const events = await messagesSince(tx, { conversationId, seq: seenSeq })
  const missed = events.filter((event) => {
    const { direction } = event.data
    return (direction === 'in' || direction === 'out') && !(event.actorType === 'agent' && event.actorId === viewer.agentId)
  })
  if (missed.length === 0) return
  throw new AppError('conflict', `${missed.length} new messages have come since you began to write.`, {
    code: 'newer_messages',
    messageIds: missed.map((event) => event.subjectId),
  })
}

async function quotedIn(tx: Tx, conversationId: string, messageId: string | undefined): Promise<string | undefined> {
  if (messageId === undefined) return undefined
  const { messages } = tx.t
  const [found] = await tx.db
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.id, messageId), eq(messages.conversationId, conversationId)))
  if (found === undefined)
    throw new AppError('invalid_input', 'The quoted message is not in this conversation.', {
      fields: [{ path: 'quotedMessageId', message: 'not in this conversation' }],
    })
  return found.id
}

/** Files belong to the conversation they were sent in, and follow its permissions from then on. */
async function claimFiles(tx: Tx, input: SendInput, conversationId: string, inboxId: string): Promise<void> {
  const ids = fileIdsOf(input.parts)
  if (ids.length === 0) return
  const { files } = tx.t
  await tx.db
    .update(files)
    .set({ conversationId, inboxId })
    .where(and(inArray(files.id, ids), isNull(files.conversationId)))
}

/** Puts a message into the outbox, to leave after `undoMs`. */
export async function queueForSending(tx: Tx, ctx: ServiceContext, message: MessageRow, now: number, undoMs: number): Promise<void> {
  await insertOutbox(tx, {
    id: newId(),
    messageId: message.id,
    conversationId: message.conversationId,
    inboxId: message.inboxId,
    status: 'queued',
    attempts: 0,
    nextAttemptAt: now + undoMs,
    leaseUntil: null,
    leaseToken: null,
    retryKey: newId(),
    route: null,
    hold: null,
    approvedBy: null,
    error: null,
    createdAt: now,
    updatedAt: now,
  })
  const { conversationId } = message
  tx.afterCommit(
    () => void ctx.jobs.add('outbox.send', { conversationId }, { key: conversationId, delayMs: undoMs }).catch(() => undefined),
  )
}
