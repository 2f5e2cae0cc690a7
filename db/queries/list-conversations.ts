import { and, asc, desc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Db, Store, Tx } from '../store.ts'
import { bind } from './bind.ts'

type Row = Tables['conversations']['$inferSelect']

/** What decides a conversation's place in a list and who may see it there. */
export interface ConversationKey
  extends Pick<Row, 'id' | 'status' | 'channel' | 'inboxId' | 'queueId' | 'assigneeId' | 'offeredTo' | 'contactId'> {
  /** The instant the list is ordered by. */
  readonly at: number
}

/** A place between two keys; the id breaks ties. */
export interface KeyPlace {
  readonly at: number
  readonly id: string
}

/** Reads the next keys after a place, in the list's order. */
export type KeySource = (on: Store | Tx, after: KeyPlace, limit: number) => Promise<ConversationKey[]>

/** Before the first key of a list that begins with the latest. */
export const latest: KeyPlace = { at: Number.MAX_SAFE_INTEGER, id: '' }
/** Before the first key of a list that begins with the earliest. */
export const earliest: KeyPlace = { at: -1, id: '' }

type On = { db: Db; t: Tables }

const keyColumns = ({ conversations: c }: Tables) => ({
  id: c.id,
  status: c.status,
  channel: c.channel,
  inboxId: c.inboxId,
  queueId: c.queueId,
  assigneeId: c.assigneeId,
  offeredTo: c.offeredTo,
  contactId: c.contactId,
})

// The row comparison lets each index be entered at the cursor.
function newestFirst({ db, t }: On, where: SQL | undefined) {
  const { conversations: c } = t
  return db
    .select({ ...keyColumns(t), at: c.lastMessageAt })
    .from(c)
    .where(
      and(
        where,
        eq(c.open, bind(c.open, 'open')),
        sql`(${c.lastMessageAt}, ${c.id}) < (${bind(c.lastMessageAt, 'at')}, ${sql.placeholder('afterId')})`,
      ),
    )
    .orderBy(desc(c.lastMessageAt), desc(c.id))
    .limit(sql.placeholder('limit'))
}

const openOrNot = statement<{ open: boolean; at: number; afterId: string; limit: number }, ConversationKey>('list_all', (on) =>
  newestFirst(on, undefined),
)

const byAssignee = statement<{ of: string; open: boolean; at: number; afterId: string; limit: number }, ConversationKey>(
  'list_by_assignee',
  (on) => newestFirst(on, eq(on.t.conversations.assigneeId, sql.placeholder('of'))),
)

const byQueue = statement<{ of: string; open: boolean; at: number; afterId: string; limit: number }, ConversationKey>(
  'list_by_queue',
  (on) => newestFirst(on, eq(on.t.conversations.queueId, sql.placeholder('of'))),
)

// `is true` and the unary plus keep SQLite on the contact's index, whose few rows are then sorted.
const byContact = statement<{ of: string; open: boolean; at: number; afterId: string; limit: number }, ConversationKey>(
  'list_by_contact',
  ({ db, t }) => {
    const { conversations: c } = t
    return db
      .select({ ...keyColumns(t), at: c.lastMessageAt })
      .from(c)
      .where(
        and(
          eq(c.contactId, sql.placeholder('of')),
          sql`(${c.open} = ${bind(c.open, 'open')}) is true`,
          sql`(+${c.lastMessageAt}, ${c.id}) < (${bind(c.lastMessageAt, 'at')}, ${sql.placeholder('afterId')})`,
        ),
      )
      .orderBy(desc(sql`+${c.lastMessageAt}`), desc(c.id))
      .limit(sql.placeholder('limit'))
  },
)

const waitingIn = statement<{ of: string; at: number; afterId: string; limit: number }, ConversationKey>('list_waiting', ({ db, t }) => {
  const { conversations: c } = t
  return db
    .select({ ...keyColumns(t), at: c.waitingSince })
    .from(c)
    .where(
      and(
        eq(c.queueId, sql.placeholder('of')),
        // Literal, as the partial index spells it.
        sql`${c.status} in ('queued','offered')`,
        sql`(${c.waitingSince}, ${c.id}) > (${bind(c.waitingSince, 'at')}, ${sql.placeholder('afterId')})`,
      ),
    )
    .orderBy(asc(c.waitingSince), asc(c.id))
    .limit(sql.placeholder('limit'))
})

const pendingOffersTo = statement<{ agentId: string }, { conversationId: string }>('conversations_offered_to', ({ db, t }) =>
  db
    .select({ conversationId: t.offers.conversationId })
    .from(t.offers)
    .where(and(eq(t.offers.agentId, sql.placeholder('agentId')), eq(t.offers.status, 'pending'))),
)

/** Conversations by their newest message, the latest first. */
export const keySources = {
  all:
    (open: boolean): KeySource =>
    (on, after, limit) =>
      openOrNot(on, { open, at: after.at, afterId: after.id, limit }),
  assignee:
    (agentId: string, open: boolean): KeySource =>
    (on, after, limit) =>
      byAssignee(on, { of: agentId, open, at: after.at, afterId: after.id, limit }),
  queue:
    (queueId: string, open: boolean): KeySource =>
    (on, after, limit) =>
      byQueue(on, { of: queueId, open, at: after.at, afterId: after.id, limit }),
  contact:
    (contactId: string, open: boolean): KeySource =>
    (on, after, limit) =>
      byContact(on, { of: contactId, open, at: after.at, afterId: after.id, limit }),
  /** Those that wait in a queue, the longest wait first. */
  waiting:
    (queueId: string): KeySource =>
    (on, after, limit) =>
      waitingIn(on, { of: queueId, at: after.at, afterId: after.id, limit }),
  offered: offeredSource,
}

/** The few that are offered to an agent at this moment, in either order. */
function offeredSource(agentId: string, order: 'latest' | 'waiting'): KeySource {
  return async (on, after, limit) => {
    const offered = await pendingOffersTo(on, { agentId })
    if (offered.length === 0) return []
    const { db, t } = on as Store
    const { conversations: c } = t
    const at = order === 'latest' ? c.lastMessageAt : c.waitingSince
    const keys: ConversationKey[] = await db
      .select({ ...keyColumns(t), at })
      .from(c)
      .where(
        inArray(
          c.id,
          offered.map((o) => o.conversationId),
        ),
      )
    return keys
      .filter((key) => comparePlaces(order)(after, key) < 0)
      .sort(comparePlaces(order))
      .slice(0, limit)
  }
}

/** Orders places as a list does: `latest` first, or the longest `waiting` first. Ids compare by their bytes, as both databases do. */
export function comparePlaces(order: 'latest' | 'waiting'): (a: KeyPlace, b: KeyPlace) => number {
  const sign = order === 'latest' ? -1 : 1
  return (a, b) => sign * (a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
}
