import { and, desc, eq, inArray, like } from 'drizzle-orm'
import type { MessagePart } from '../../wire/messages.ts'
import type { OutboxStatus } from '../../wire/words.ts'
import type { ServiceContext } from '../context.ts'

/** One person's chat with an inbox, for a stand-in platform that keeps nothing itself. */
export interface StoredChat {
  readonly userId: string
  readonly displayName: string
  readonly blocked: boolean
  /** Oldest first. */
  readonly messages: readonly StoredChatMessage[]
}

/** What was said in it. */
export interface StoredChatMessage {
  readonly id: string
  readonly at: number
  readonly from: 'customer' | 'account'
  readonly parts: readonly MessagePart[]
  readonly markAsReadToken: string | null
  readonly read: boolean
  readonly unsent: boolean
  /** How sending it ended; null for the customer's. */
  readonly delivery: OutboxStatus | null
}

/** Messages looked through, the newest of the inbox. */
const maxMessages = 2_000

/**
 * What was said between an inbox and each person in single chats, notes and system lines left out.
 * @param prefix how the thread of one person begins.
 */
export async function listChatHistories({ store }: ServiceContext, inboxId: string, prefix = 'U'): Promise<StoredChat[]> {
  const { conversations: c, contactPoints: p, contacts, messages: m } = store.t
  const rows = await store.db
    .select({
      userId: c.threadKey,
      displayName: contacts.name,
      blockedAt: p.blockedAt,
      readCount: c.readCount,
      message: m,
    })
    .from(m)
    .innerJoin(c, eq(c.id, m.conversationId))
    .innerJoin(contacts, eq(contacts.id, c.contactId))
    .innerJoin(p, eq(p.id, c.contactPointId))
    .where(and(eq(m.inboxId, inboxId), like(c.threadKey, `${prefix}%`), inArray(m.direction, ['in', 'out'])))
    .orderBy(desc(m.createdAt), desc(m.id))
    .limit(maxMessages)
  const chats = new Map<string, { userId: string; displayName: string; blocked: boolean; messages: StoredChatMessage[] }>()
  for (const { userId, displayName, blockedAt, readCount, message } of rows.toReversed()) {
    const chat = chats.get(userId) ?? { userId, displayName, blocked: blockedAt !== null, messages: [] }
    chats.set(userId, chat)
    chat.messages.push({
      id: message.externalId ?? message.id,
      at: message.occurredAt,
      from: message.direction === 'in' ? 'customer' : 'account',
      parts: message.parts,
      markAsReadToken: message.providerIds?.find((id) => id.kind === 'markAsRead')?.value ?? null,
      read: message.direction === 'in' && message.ordinal <= readCount,
      unsent: message.unsentAt !== null,
      delivery: message.delivery,
    })
  }
  return [...chats.values()]
}
