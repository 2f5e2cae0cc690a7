import { randomUUID } from 'node:crypto'
import type { Session } from '../../../channels/contract.ts'
import { type ConversationRow, conversationById } from '../../../db/queries/conversations.ts'
import { type MessageRow, messageById } from '../../../db/queries/messages.ts'
import { headOfConversation, itemsBehind, type OutboxRow, updateOutbox } from '../../../db/queries/outbox.ts'
import type { Tx } from '../../../db/store.ts'
import { AppError } from '../../lib/errors.ts'
import type { ServiceContext } from '../context.ts'
import { holdBack } from './hold-item.ts'
import { setDelivery } from './set-delivery.ts'

/** How long a worker holds an item; a send gives up well before. */
const leaseMs = 60_000
/** Mail carries its files with it, and servers look at them before they answer (RFC 5321 §4.5.3.2.6). */
const mailLeaseMs = 240_000

/** An item taken for sending, with what belongs to it. */
export interface TakenItem {
  readonly item: OutboxRow
  readonly message: MessageRow
  readonly conversation: ConversationRow
}

/** What leaves in one send: an item, and those written after it that go with it. All share lease and retry key. */
export type TakenBatch = readonly [TakenItem, ...TakenItem[]]

/**
 * Claims the oldest unsent item of a conversation when it is due, with those behind it that its channel can send in the
 * same call; null when there is none, it has to wait, or another worker has it.
 */
export async function takeNext(ctx: ServiceContext, session: Session | null, conversationId: string): Promise<TakenBatch | null> {
  return ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const [head] = await headOfConversation(tx, { conversationId })
    if (head === undefined || head.status !== 'queued' || (head.nextAttemptAt ?? 0) > now) return null
    const [conversation] = await conversationById(tx, { id: conversationId })
    if (conversation === undefined) throw new AppError('bug', 'An outbox item without its conversation.')
    const message = await messageOf(tx, head)
    if (session?.meter !== undefined && (await holdBack(tx, session.meter, { item: head, message, conversation }, now))) return null
    const more = session?.combine === undefined ? [] : await companions(tx, session.combine, { head, message }, now)
    const lease: Lease = { token: randomUUID(), until: now + (message.mail === null ? leaseMs : mailLeaseMs), retryKey: head.retryKey, now }
    const first = await claim(tx, { item: head, message, conversation }, lease)
    if (first === null) return null
    const batch: [TakenItem, ...TakenItem[]] = [first]
    for (const companion of more) {
      const taken = await claim(tx, { ...companion, conversation }, lease)
      if (taken === null) break
      batch.push(taken)
    }
    return batch
  })
}

interface Lease {
  readonly token: string
  readonly until: number
  readonly retryKey: string
  readonly now: number
}

async function claim(tx: Tx, { item, message, conversation }: TakenItem, lease: Lease): Promise<TakenItem | null> {
  const changes = {
    status: 'sending',
    attempts: item.attempts + 1,
    leaseUntil: lease.until,
    leaseToken: lease.token,
    nextAttemptAt: lease.until,
    retryKey: lease.retryKey,
    hold: null,
    updatedAt: lease.now,
  } as const
  const won = await updateOutbox(tx, item.id, { status: 'queued', leaseToken: item.leaseToken }, changes)
  if (!won) return null
  await setDelivery(tx, message, 'sending', null, lease.now)
  return { item: { ...item, ...changes }, message, conversation }
}

type Companion = Pick<TakenItem, 'item' | 'message'>

/**
 * Items behind the first that leave with it. An attempt that follows another under the same retry key carries exactly what
 * that one did: the provider would take anything else for a repeat.
 */
async function companions(
  tx: Tx,
  combine: NonNullable<Session['combine']>,
  { head, message }: { head: OutboxRow; message: MessageRow },
  now: number,
): Promise<Companion[]> {
  const behind = await itemsBehind(tx, { conversationId: head.conversationId, id: head.id, limit: combine.max - 1 })
  const found: Companion[] = []
  let last = message
  let bubbles = combine.count(message.parts)
  for (const item of behind) {
    const next = await messageOf(tx, item)
    if (head.attempts > 0) {
      if (item.retryKey === head.retryKey && item.status === 'queued') found.push({ item, message: next })
      continue
    }
    bubbles += combine.count(next.parts)
    if (bubbles > combine.max || !mayFollow(item, next, last, now)) break
    found.push({ item, message: next })
    last = next
  }
  return found
}

/** A quote stands in the first bubble only, and suggested answers show under the last. */
function mayFollow(item: OutboxRow, message: MessageRow, last: MessageRow, now: number): boolean {
  const due = item.status === 'queued' && item.attempts === 0 && item.hold === null && (item.nextAttemptAt ?? 0) <= now
  return due && message.quotedMessageId === null && !last.parts.some((part) => part.type === 'quick_replies')
}

async function messageOf(tx: Tx, item: OutboxRow): Promise<MessageRow> {
  const [message] = await messageById(tx, { id: item.messageId })
  if (message === undefined) throw new AppError('bug', 'An outbox item without its message.')
  return message
}
