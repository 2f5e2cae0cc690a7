import { and, desc, eq, gt, gte, inArray, lt, lte, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Store } from '../store.ts'

export type ThreadMessageRow = Tables['messages']['$inferSelect']

/** What a visitor's state is made of. */
export type ThreadHead = Pick<
  Tables['conversations']['$inferSelect'],
  'id' | 'inboxId' | 'threadKey' | 'status' | 'queueId' | 'assigneeId' | 'readCount' | 'customerReadCount'
>

const headColumns = (t: Tables) => ({
  id: t.conversations.id,
  inboxId: t.conversations.inboxId,
  threadKey: t.conversations.threadKey,
  status: t.conversations.status,
  queueId: t.conversations.queueId,
  assigneeId: t.conversations.assigneeId,
  readCount: t.conversations.readCount,
  customerReadCount: t.conversations.customerReadCount,
})

/** The conversations of a thread, newest first, at most 50. */
export const threadHeads = statement<{ inboxId: string; threadKey: string }, ThreadHead>('thread_heads', ({ db, t }) =>
  db
    .select(headColumns(t))
    .from(t.conversations)
    .where(and(eq(t.conversations.inboxId, sql.placeholder('inboxId')), eq(t.conversations.threadKey, sql.placeholder('threadKey'))))
    .orderBy(desc(t.conversations.id))
    .limit(50),
)

/** The heads of conversations by id, in no order. */
export async function headsById(store: Store, ids: readonly string[]): Promise<ThreadHead[]> {
  if (ids.length === 0) return []
  return store.db
    .select(headColumns(store.t))
    .from(store.t.conversations)
    .where(inArray(store.t.conversations.id, [...ids]))
}

/** Messages that the other side of a web chat may see, whatever their delivery; notes never come this far. */
const crossing = (t: Tables) =>
  and(
    eq(t.messages.inboxId, sql.placeholder('inboxId')),
    inArray(t.messages.direction, sql`('in', 'out')`),
    gte(t.messages.createdAt, sql.placeholder('from')),
  )

/** Messages of a conversation before an ordinal, newest first. `from` cuts off what is older, epoch ms. */
export const messagesBefore = statement<
  { conversationId: string; inboxId: string; before: number; from: number; limit: number },
  ThreadMessageRow
>('visitor_messages_before', ({ db, t }) =>
  db
    .select()
    .from(t.messages)
    .where(
      and(eq(t.messages.conversationId, sql.placeholder('conversationId')), lt(t.messages.ordinal, sql.placeholder('before')), crossing(t)),
    )
    .orderBy(desc(t.messages.ordinal))
    .limit(sql.placeholder('limit')),
)

/** Messages of one inbox by id, in no order; notes and lines of the record are left out. */
export async function crossingMessagesById(store: Store, ids: readonly string[]): Promise<ThreadMessageRow[]> {
  if (ids.length === 0) return []
  const { messages } = store.t
  return store.db
    .select()
    .from(messages)
    .where(and(inArray(messages.id, [...ids]), inArray(messages.direction, ['in', 'out'])))
}

/** Our messages up to an ordinal whose receipt is still wanted, newest first, at most 100. */
export async function messagesAwaiting(
  store: Store,
  conversationId: string,
  upTo: number,
  deliveries: readonly ('accepted' | 'delivered')[],
): Promise<Pick<ThreadMessageRow, 'id' | 'inboxId' | 'ordinal'>[]> {
  const { messages } = store.t
  return store.db
    .select({ id: messages.id, inboxId: messages.inboxId, ordinal: messages.ordinal })
    .from(messages)
    .where(
      and(
        eq(messages.conversationId, conversationId),
        lte(messages.ordinal, upTo),
        gt(messages.ordinal, upTo - 500),
        eq(messages.direction, 'out'),
        inArray(messages.delivery, [...deliveries]),
      ),
    )
    .orderBy(desc(messages.ordinal))
    .limit(100)
}

/** Messages of a conversation that carry a file, notes and lines left out; at most 10. */
export async function messagesWithFile(store: Store, conversationId: string, fileId: string): Promise<ThreadMessageRow[]> {
  const { messages } = store.t
  const carries = sql`cast(${messages.parts} as text) like ${`%${fileId.replaceAll(/[%_]/g, '')}%`}`
  return store.db
    .select()
    .from(messages)
    .where(and(eq(messages.conversationId, conversationId), inArray(messages.direction, ['in', 'out']), carries))
    .limit(10)
}

const changeOf = (t: Tables) =>
  and(
    eq(t.events.conversationId, sql.placeholder('conversationId')),
    gt(t.events.seq, sql.placeholder('since')),
    inArray(t.events.type, sql`('message.created', 'message.changed')`),
  )

const changesOfOne = statement<{ conversationId: string; since: number; limit: number }, { id: string | null }>(
  'visitor_changes_of_one',
  ({ db, t }) =>
    db.select({ id: t.events.subjectId }).from(t.events).where(changeOf(t)).orderBy(t.events.seq).limit(sql.placeholder('limit')),
)

const messagesOfOne = statement<{ conversationId: string; since: number }, ThreadMessageRow>('visitor_messages_of_one', ({ db, t }) =>
  db
    .select()
    .from(t.messages)
    .where(
      and(
        inArray(t.messages.id, db.select({ id: t.events.subjectId }).from(t.events).where(changeOf(t))),
        inArray(t.messages.direction, sql`('in', 'out')`),
      ),
    ),
)

/**
 * The messages of these conversations made or changed after `since`, notes and lines left out; null when there were `limit` changes
 * or more. A visitor with one conversation, as almost all are, costs two prepared statements.
 */
export async function messagesChanged(
  store: Store,
  conversationIds: readonly string[],
  since: number,
  limit: number,
): Promise<ThreadMessageRow[] | null> {
  const [only, ...more] = conversationIds
  if (only === undefined) return []
  if (more.length === 0) {
    const changes = await changesOfOne(store, { conversationId: only, since, limit })
    if (changes.length === 0) return []
    return changes.length < limit ? messagesOfOne(store, { conversationId: only, since }) : null
  }
  const ids = await messagesTouched(store, conversationIds, since, limit)
  return ids === null ? null : crossingMessagesById(store, ids)
}

/** Ids of the messages of these conversations made or changed after `since`; null when there were `limit` changes or more. */
async function messagesTouched(store: Store, conversationIds: readonly string[], since: number, limit: number): Promise<string[] | null> {
  if (conversationIds.length === 0) return []
  const { events } = store.t
  const rows = await store.db
    .select({ id: events.subjectId })
    .from(events)
    .where(
      and(
        inArray(events.conversationId, [...conversationIds]),
        gt(events.seq, since),
        inArray(events.type, ['message.created', 'message.changed']),
      ),
    )
    .orderBy(events.seq)
    .limit(limit)
  // Changes, not messages, are counted: one cut off may be the only word of its message.
  return rows.length < limit ? [...new Set(rows.flatMap((row) => row.id ?? []))] : null
}

const agentName = statement<{ id: string }, { name: string }>('visitor_agent_name', ({ db, t }) =>
  db
    .select({ name: t.agents.name })
    .from(t.agents)
    .where(eq(t.agents.id, sql.placeholder('id'))),
)

/** Names of agents by id. */
export async function agentNames(store: Store, ids: readonly string[]): Promise<Map<string, string>> {
  const [only, ...more] = ids
  if (only === undefined) return new Map()
  if (more.length === 0) return new Map((await agentName(store, { id: only })).map(({ name }) => [only, name]))
  const { agents } = store.t
  const rows = await store.db
    .select({ id: agents.id, name: agents.name })
    .from(agents)
    .where(inArray(agents.id, [...ids]))
  return new Map(rows.map((row) => [row.id, row.name]))
}

/** The newest number of the event log; 0 when it is empty. */
export const newestSeq = statement<Record<string, never>, { seq: number }>('newest_seq', ({ db, t }) =>
  db.select({ seq: t.events.seq }).from(t.events).orderBy(desc(t.events.seq)).limit(1),
)
