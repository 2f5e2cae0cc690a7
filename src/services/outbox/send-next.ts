import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Outbound, SendResult, Session } from '../../../channels/contract.ts'
import { pointById } from '../../../db/queries/contacts.ts'
import { type ConversationRow, claimReplyToken, conversationById } from '../../../db/queries/conversations.ts'
import { type MessageRow, messageById } from '../../../db/queries/messages.ts'
import { headOfConversation, type OutboxRow, updateOutbox } from '../../../db/queries/outbox.ts'
import { AppError, errorKinds, kindOf } from '../../lib/errors.ts'
import type { ServiceContext } from '../context.ts'
import { outboundParts } from './outbound-parts.ts'
import { setDelivery } from './set-delivery.ts'
import { settleSend } from './settle-send.ts'

/** How long a worker holds an item; a send gives up well before. */
const leaseMs = 60_000
const sendTimeoutMs = 30_000

/** An item taken for sending, with what belongs to it. */
export interface TakenItem {
  readonly item: OutboxRow
  readonly message: MessageRow
  readonly conversation: ConversationRow
}

/**
 * Sends what is due in a conversation, one after the other in the order it was written; an item that must
 * wait holds back those after it. Safe to call at any time, from any node.
 * @param signal aborted when the node stops; an item under way is then left to its lease.
 */
export async function sendDue(ctx: ServiceContext, conversationId: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const taken = await takeNext(ctx, conversationId)
    if (taken === null) return
    const result = await send(ctx, taken, signal)
    await settleSend(ctx, taken, result)
    if (result.status === 'retry') return
  }
}

/** Claims the oldest unsent item when it is due; null when there is none, or another worker has it. */
async function takeNext(ctx: ServiceContext, conversationId: string): Promise<TakenItem | null> {
  return ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const [head] = await headOfConversation(tx, { conversationId })
    if (head === undefined || head.status !== 'queued' || (head.nextAttemptAt ?? 0) > now) return null
    const leaseToken = randomUUID()
    const leaseUntil = now + leaseMs
    const item: OutboxRow = {
      ...head,
      status: 'sending',
      attempts: head.attempts + 1,
      leaseUntil,
      leaseToken,
      nextAttemptAt: leaseUntil,
      updatedAt: now,
    }
    const { status, attempts, nextAttemptAt, updatedAt } = item
    const won = await updateOutbox(
      tx,
      head.id,
      { status: 'queued', leaseToken: head.leaseToken },
      { status, attempts, leaseUntil, leaseToken, nextAttemptAt, updatedAt },
    )
    if (!won) return null
    const [message] = await messageById(tx, { id: head.messageId })
    const [conversation] = await conversationById(tx, { id: conversationId })
    if (message === undefined || conversation === undefined) throw new AppError('bug', 'An outbox item without its message.')
    await setDelivery(tx, message, 'sending', null, now)
    return { item, message, conversation }
  })
}

async function send(ctx: ServiceContext, taken: TakenItem, signal: AbortSignal): Promise<SendResult> {
  const timeout = AbortSignal.timeout(sendTimeoutMs)
  // Until the channel has it nothing can have left, so what goes wrong before is known to have failed.
  let session: Session
  let out: Outbound
  try {
    session = (await ctx.inboxes.get(taken.conversation.inboxId)).session
    out = await outboundOf(ctx, taken)
  } catch (error) {
    return notHandedOver(ctx, taken.item.id, error)
  }
  try {
    return await session.send(out, AbortSignal.any([signal, timeout]))
  } catch (error) {
    ctx.log.error({ err: error, outboxId: taken.item.id }, 'send ended without a result')
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

async function outboundOf(ctx: ServiceContext, { item, message, conversation }: TakenItem): Promise<Outbound> {
  const [point] = await pointById(ctx.store, { id: conversation.contactPointId })
  if (point === undefined) throw new AppError('bug', 'A conversation without its contact point.')
  const quoted = message.quotedMessageId === null ? [] : await messageById(ctx.store, { id: message.quotedMessageId })
  return {
    outboxId: item.id,
    messageId: message.id,
    conversationId: conversation.id,
    retryKey: item.retryKey,
    attempt: item.attempts,
    threadKey: conversation.threadKey,
    address: { kind: point.kind, address: point.address },
    parts: await outboundParts(ctx, message),
    quoted: quoted[0]?.providerIds ?? null,
    claimReplyToken: () => takeReplyToken(ctx, conversation.id, item.id),
  }
}

/** Takes the token for good before it is used, and marks the item: an attempt by token cannot be repeated. */
async function takeReplyToken(ctx: ServiceContext, conversationId: string, outboxId: string): Promise<string | null> {
  return ctx.store.tx(async (tx) => {
    const [row] = await conversationById(tx, { id: conversationId })
    if (row?.replyToken == null) return null
    const now = ctx.clock.now()
    const won = await claimReplyToken(tx, { id: conversationId, token: row.replyToken, now })
    if (won.length === 0) return null
    await tx.db.update(tx.t.outbox).set({ route: 'reply', updatedAt: now }).where(eq(tx.t.outbox.id, outboxId))
    return row.replyToken
  })
}
