import { and, type Column, desc, eq, getTableColumns, ne, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { everyColumn, statement } from '../statement.ts'
import type { Tx } from '../store.ts'
import { bind } from './bind.ts'
import { lockSender } from './contacts.ts'

export type ConversationRow = Tables['conversations']['$inferSelect']
type Preview = ConversationRow['preview']

const fitsThread = (t: Tables) =>
  and(
    eq(t.conversations.inboxId, sql.placeholder('inboxId')),
    eq(t.conversations.threadKey, sql.placeholder('threadKey')),
    ne(t.conversations.status, sql.raw(`'resolved'`)),
  )

const fresherToken = ({ conversations: c }: Tables) =>
  sql`${bind(c.replyTokenExpiresAt, 'replyTokenExpiresAt')} > coalesce(${c.replyTokenExpiresAt}, 0)`

/** What the writer of an inbound message needs to know of the conversation it went into. */
export type InboundTarget = Pick<
  ConversationRow,
  'id' | 'contactId' | 'contactPointId' | 'status' | 'awaiting' | 'messageCount' | 'parkedAt' | 'waitingSince' | 'assigneeId' | 'queueId'
> & {
  /** Since when its address was said to take nothing of ours; null for none. */
  readonly blockedAt: number | null
}

/**
 * Numbers one more message in the thread's live conversation and shows it as the newest; no row when
 * there is none. `wait` starts the age where the customer had been answered. Locks the row on PostgreSQL.
 */
export const appendToThread = statement<
  {
    inboxId: string
    threadKey: string
    at: number
    now: number
    preview: Preview
    replyToken: string | null
    replyTokenExpiresAt: number | null
  },
  InboundTarget
>('append_to_thread', ({ db, t }) =>
  db
    .update(t.conversations)
    .set({
      messageCount: sql`${t.conversations.messageCount} + 1`,
      lastMessageAt: sql`case when ${t.conversations.lastMessageAt} < ${bind(t.conversations.lastMessageAt, 'at')} then ${bind(t.conversations.lastMessageAt, 'at')} else ${t.conversations.lastMessageAt} end`,
      waitingSince: sql`case when ${t.conversations.awaiting} = 'customer' and ${t.conversations.parkedAt} is null then ${bind(t.conversations.waitingSince, 'now')} else ${t.conversations.waitingSince} end`,
      firstCustomerAt: sql`coalesce(${t.conversations.firstCustomerAt}, ${bind(t.conversations.firstCustomerAt, 'now')})`,
      awaiting: sql`'agent'`,
      preview: bind(t.conversations.preview, 'preview'),
      // Of two tokens the one that lives longer is kept: an old event may come again late.
      replyToken: sql`case when ${fresherToken(t)} then ${bind(t.conversations.replyToken, 'replyToken')} else ${t.conversations.replyToken} end`,
      replyTokenExpiresAt: sql`case when ${fresherToken(t)} then ${bind(t.conversations.replyTokenExpiresAt, 'replyTokenExpiresAt')} else ${t.conversations.replyTokenExpiresAt} end`,
      updatedAt: bind(t.conversations.updatedAt, 'now'),
    })
    .where(fitsThread(t))
    .returning({
      id: t.conversations.id,
      contactId: t.conversations.contactId,
      contactPointId: t.conversations.contactPointId,
      status: t.conversations.status,
      awaiting: t.conversations.awaiting,
      messageCount: t.conversations.messageCount,
      parkedAt: t.conversations.parkedAt,
      waitingSince: t.conversations.waitingSince,
      assigneeId: t.conversations.assigneeId,
      queueId: t.conversations.queueId,
      blockedAt: sql<
        number | null
      >`(select ${t.contactPoints.blockedAt} from ${t.contactPoints} where ${t.contactPoints.id} = ${t.conversations.contactPointId})`.mapWith(
        t.contactPoints.blockedAt,
      ),
    }),
)

/** The newest conversation of a thread, resolved ones included. */
export const newestOfThread = statement<{ inboxId: string; threadKey: string }, ConversationRow>('newest_of_thread', ({ db, t }) =>
  db
    .select()
    .from(t.conversations)
    .where(and(eq(t.conversations.inboxId, sql.placeholder('inboxId')), eq(t.conversations.threadKey, sql.placeholder('threadKey'))))
    .orderBy(desc(t.conversations.id))
    .limit(1),
)

/** One conversation, whole. */
export const conversationById = statement<{ id: string }, ConversationRow>('conversation_by_id', ({ db, t }) =>
  db
    .select()
    .from(t.conversations)
    .where(eq(t.conversations.id, sql.placeholder('id')))
    .limit(1),
)

/** The same, locked until the transaction ends: nobody else changes it meanwhile. */
export const lockConversation = statement<{ id: string; now: number }, ConversationRow>('lock_conversation', ({ db, t }) =>
  db
    .update(t.conversations)
    .set({ updatedAt: bind(t.conversations.updatedAt, 'now') })
    .where(eq(t.conversations.id, sql.placeholder('id')))
    .returning(),
)

/**
 * Makes whoever brings a message of a thread wait until this transaction ends, whether it has a live conversation or not.
 * SQLite's writers take turns anyway.
 */
export async function lockThread(tx: Tx, inboxId: string, threadKey: string, now: number): Promise<void> {
  if (tx.dialect !== 'postgres') return
  await lockSender(tx, inboxId, threadKey)
  const [newest] = await newestOfThread(tx, { inboxId, threadKey })
  if (newest !== undefined) await lockConversation(tx, { id: newest.id, now })
}

/**
 * Numbers one more message of ours (or a note, or a line) in a locked conversation. `at` is null for what does not count
 * as said. It is never unread by itself: where all was read, all stays read; a reply (`reads` 1) has read what it answers.
 */
export const appendOwn = statement<{ id: string; at: number | null; preview: Preview; reads: 0 | 1 }, { messageCount: number }>(
  'append_own',
  ({ db, t }) =>
    db
      .update(t.conversations)
      .set({
        messageCount: sql`${t.conversations.messageCount} + 1`,
        lastMessageAt: sql`coalesce(${bind(t.conversations.lastMessageAt, 'at')}, ${t.conversations.lastMessageAt})`,
        readCount: sql`case when ${bind(t.conversations.readCount, 'reads')} = 1 or ${t.conversations.readCount} = ${t.conversations.messageCount} then ${t.conversations.messageCount} + 1 else ${t.conversations.readCount} end`,
        preview: sql`coalesce(${bind(t.conversations.preview, 'preview')}, ${t.conversations.preview})`,
      })
      .where(eq(t.conversations.id, sql.placeholder('id')))
      .returning({ messageCount: t.conversations.messageCount }),
)

type Changes = Partial<Omit<ConversationRow, 'id'>>
type Update = ReturnType<typeof statement<Record<string, unknown>, never>>

// One prepared statement for each set of columns that some step of the lifecycle writes: a few dozen.
const updates = new Map<string, Update>()

/** Writes changed columns of a locked conversation; those that are `undefined` stay. */
export async function updateConversation(tx: Tx, id: string, changes: Changes): Promise<void> {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined)
  if (given.length === 0) return
  const names = given.map(([name]) => name).sort()
  const key = names.join()
  const known = updates.get(key)
  const update = known ?? makeUpdate(names, updates.size)
  if (known === undefined) updates.set(key, update)
  await update(tx, { ...Object.fromEntries(given), id })
}

function makeUpdate(names: readonly string[], number: number): Update {
  return statement(`update_conversation_${number}`, ({ db, t: { conversations: c } }) => {
    const columns: Readonly<Record<string, Column>> = getTableColumns(c)
    const set = names.flatMap((name) => {
      const column = columns[name]
      return column === undefined ? [] : [[name, bind(column, name)] as const]
    })
    return db
      .update(c)
      .set(Object.fromEntries(set))
      .where(eq(c.id, sql.placeholder('id')))
  })
}

/** Adds a conversation. A second live one in the same thread breaks `conversations_live_uq`. */
export const insertConversation = statement<ConversationRow & Record<string, unknown>, never>('insert_conversation', ({ db, t }) =>
  db.insert(t.conversations).values(everyColumn(t.conversations)),
)

/** Takes the newest reply token for good; no row when it is taken, replaced or run out. */
export const claimReplyToken = statement<{ id: string; token: string; now: number }, { id: string }>('claim_reply_token', ({ db, t }) =>
  db
    .update(t.conversations)
    .set({ replyToken: sql`null`, replyTokenExpiresAt: sql`null` })
    .where(
      and(
        eq(t.conversations.id, sql.placeholder('id')),
        eq(t.conversations.replyToken, sql.placeholder('token')),
        sql`${t.conversations.replyTokenExpiresAt} > ${bind(t.conversations.replyTokenExpiresAt, 'now')}`,
      ),
    )
    .returning({ id: t.conversations.id }),
)
