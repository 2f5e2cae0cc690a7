import { inArray } from 'drizzle-orm'
import type { Outbound, OutboundPart, SendResult, Session } from '../../../channels/contract.ts'
import { pointById } from '../../../db/queries/contacts.ts'
import { type ConversationRow, claimReplyToken, conversationById } from '../../../db/queries/conversations.ts'
import { messageById } from '../../../db/queries/messages.ts'
import { AppError, errorKinds, kindOf } from '../../lib/errors.ts'
import type { ServiceContext } from '../context.ts'
import { outboundMail } from '../mail/outbound-mail.ts'
import { outboundParts } from './outbound-parts.ts'
import { settleSend } from './settle-send.ts'
import { type TakenBatch, takeNext } from './take-next.ts'

const sendTimeoutMs = 30_000
const mailTimeoutMs = 200_000

/**
 * Sends what is due in a conversation, one after the other in the order it was written; an item that must
 * wait holds back those after it. Safe to call at any time, from any node.
 * @param signal aborted when the node stops; an item under way is then left to its lease.
 */
export async function sendDue(ctx: ServiceContext, conversationId: string, signal: AbortSignal): Promise<void> {
  const [conversation] = await conversationById(ctx.store, { id: conversationId })
  if (conversation === undefined) return
  while (!signal.aborted) {
    const session = await sessionOf(ctx, conversation.inboxId)
    const batch = await takeNext(ctx, session, conversationId)
    if (batch === null) return
    const result = await send(ctx, session, batch, signal)
    await settleSend(ctx, batch, result)
    if (result.status === 'retry') return
  }
}

/** An inbox that cannot be opened combines and meters nothing; what is sent through it fails below, visibly. */
async function sessionOf(ctx: ServiceContext, inboxId: string): Promise<Session | null> {
  try {
    return (await ctx.inboxes.get(inboxId)).session
  } catch (error) {
    ctx.log.warn({ err: error, inboxId }, 'an inbox could not be opened for sending')
    if (errorKinds[kindOf(error)].retried) throw error
    return null
  }
}

async function send(ctx: ServiceContext, session: Session | null, batch: TakenBatch, signal: AbortSignal): Promise<SendResult> {
  const [{ item, message }] = batch
  const timeout = AbortSignal.timeout(message.mail === null ? sendTimeoutMs : mailTimeoutMs)
  if (session === null) return { status: 'rejected', error: { code: 'not_prepared', detail: 'It could not be prepared for sending.' } }
  // Until the channel has it nothing can have left, so what goes wrong before is known to have failed.
  let out: Outbound
  try {
    out = await outboundOf(ctx, batch)
  } catch (error) {
    return notHandedOver(ctx, item.id, error)
  }
  try {
    return await session.send(out, AbortSignal.any([signal, timeout]))
  } catch (error) {
    ctx.log.error({ err: error, outboxId: item.id }, 'send ended without a result')
    return {
      status: 'unconfirmed',
      route: 'unknown',
      error: { code: 'unknown', detail: 'Sending broke off; nobody knows whether it arrived.' },
    }
  }
}

/** A missing file or inbox stays missing; a database that is busy does not. */
function notHandedOver(ctx: ServiceContext, outboxId: string, error: unknown): SendResult {
  ctx.log.warn({ err: error, outboxId }, 'a message could not be prepared for sending')
  if (errorKinds[kindOf(error)].retried)
    return { status: 'retry', error: { code: 'unavailable', detail: 'It could not be prepared for sending yet.' } }
  const detail = error instanceof AppError && error.kind === 'not_found' ? error.message : 'It could not be prepared for sending.'
  return { status: 'rejected', error: { code: 'not_prepared', detail } }
}

async function outboundOf(ctx: ServiceContext, [{ item, message, conversation }, ...others]: TakenBatch): Promise<Outbound> {
  const [point] = await pointById(ctx.store, { id: conversation.contactPointId })
  if (point === undefined) throw new AppError('bug', 'A conversation without its contact point.')
  const more: OutboundPart[][] = []
  for (const other of others) more.push(await outboundParts(ctx, other.message))
  const ids = [item.id, ...others.map((other) => other.item.id)]
  const quoted = message.quotedMessageId === null ? [] : await messageById(ctx.store, { id: message.quotedMessageId })
  return {
    outboxId: item.id,
    messageId: message.id,
    conversationId: conversation.id,
    retryKey: item.retryKey,
    attempt: item.attempts,
    threadKey: conversation.threadKey,
    address: { kind: point.kind, address: point.address },
    // Files of a mail travel inside it and are not published.
    parts: message.mail === null ? await outboundParts(ctx, message) : [],
    ...(message.mail === null ? {} : { mail: await outboundMail(ctx, message, message.mail, await localeOf(ctx, conversation)) }),
    ...(more.length > 0 && { more }),
    quoted: quoted[0]?.providerIds ?? null,
    claimReplyToken: () => takeReplyToken(ctx, conversation.id, ids),
  }
}

async function localeOf(ctx: ServiceContext, conversation: ConversationRow): Promise<string> {
  return conversation.language ?? (await ctx.inboxes.get(conversation.inboxId)).locale
}

/** Takes the token for good before it is used, and marks the items: an attempt by token cannot be repeated. */
async function takeReplyToken(ctx: ServiceContext, conversationId: string, outboxIds: readonly string[]): Promise<string | null> {
  return ctx.store.tx(async (tx) => {
    const [row] = await conversationById(tx, { id: conversationId })
    if (row?.replyToken == null) return null
    const now = ctx.clock.now()
    const won = await claimReplyToken(tx, { id: conversationId, token: row.replyToken, now })
    if (won.length === 0) return null
    // The next answer costs: whoever writes it is shown that before they send.
    tx.append({
      type: 'conversation.changed',
      at: now,
      actorType: 'system',
      actorId: 'outbox',
      conversationId,
      subjectId: conversationId,
      data: { what: 'reply_token' },
    })
    await tx.db
      .update(tx.t.outbox)
      .set({ route: 'reply', updatedAt: now })
      .where(inArray(tx.t.outbox.id, [...outboxIds]))
    return row.replyToken
  })
}
