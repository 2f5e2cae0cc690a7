import { asc, eq, like } from 'drizzle-orm'
import type { Store } from '../../db/store.ts'
import type { TestHub } from './hub.ts'

type Tables = Store['t']

/** What a test asks the database when the public surface does not show it. */
export interface Facts {
  conversations: Tables['conversations']['$inferSelect'][]
  messages: Tables['messages']['$inferSelect'][]
  deliveries: Tables['deliveries']['$inferSelect'][]
  events: Tables['events']['$inferSelect'][]
}

/** Everything stored of one inbox, in order. */
export async function factsOf({ ctx: { store } }: Pick<TestHub, 'ctx'>, inboxId: string): Promise<Facts> {
  const { db, t } = store
  const conversations = await db.select().from(t.conversations).where(eq(t.conversations.inboxId, inboxId)).orderBy(asc(t.conversations.id))
  const messages = await db
    .select()
    .from(t.messages)
    .where(eq(t.messages.inboxId, inboxId))
    .orderBy(asc(t.messages.conversationId), asc(t.messages.ordinal))
  const deliveries = await db.select().from(t.deliveries).where(eq(t.deliveries.inboxId, inboxId)).orderBy(asc(t.deliveries.id))
  const ids = new Set(conversations.map(({ id }) => id))
  const events = await db.select().from(t.events).orderBy(asc(t.events.seq))
  return {
    conversations,
    messages,
    deliveries,
    events: events.filter(({ conversationId }) => conversationId !== null && ids.has(conversationId)),
  }
}

/** One conversation as it is stored. @throws Error when it is not there. */
export async function conversationRow({ ctx: { store } }: Pick<TestHub, 'ctx'>, id: string): Promise<Facts['conversations'][number]> {
  const [row] = await store.db.select().from(store.t.conversations).where(eq(store.t.conversations.id, id))
  if (row === undefined) throw new Error(`There is no conversation ${id}.`)
  return row
}

/** The contact points of a provider's user, whichever provider. */
export async function pointsOf(
  { ctx: { store } }: Pick<TestHub, 'ctx'>,
  userId: string,
): Promise<{ contactId: string; blockedAt: number | null }[]> {
  const { contactPoints: p } = store.t
  return store.db
    .select({ contactId: p.contactId, blockedAt: p.blockedAt })
    .from(p)
    .where(like(p.address, `%${userId}`))
}

/** The text of messages, in their order. */
export function textsOf(messages: readonly Pick<Facts['messages'][number], 'parts'>[]): string[] {
  return messages.map(({ parts }) =>
    parts.map((part) => (part.type === 'text' ? part.text : part.type === 'system' ? part.code : part.type)).join(' '),
  )
}
