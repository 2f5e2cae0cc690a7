import { and, asc, eq, gt, lt, lte, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Store, Tx } from '../store.ts'

export type OutboxRow = Tables['outbox']['$inferSelect']

export async function insertOutbox(tx: Tx, row: OutboxRow): Promise<void> {
  await tx.db.insert(tx.t.outbox).values(row)
}

/** One item, whole. */
export const outboxById = statement<{ id: string }, OutboxRow>('outbox_by_id', ({ db, t }) =>
  db
    .select()
    .from(t.outbox)
    .where(eq(t.outbox.id, sql.placeholder('id')))
    .limit(1),
)

export const outboxByMessage = statement<{ messageId: string }, OutboxRow>('outbox_by_message', ({ db, t }) =>
  db
    .select()
    .from(t.outbox)
    .where(eq(t.outbox.messageId, sql.placeholder('messageId')))
    .limit(1),
)

/** The conversation's oldest item that is neither sent nor given up: order inside a conversation rests on it. */
export const headOfConversation = statement<{ conversationId: string }, OutboxRow>('outbox_head', ({ db, t }) =>
  db
    .select()
    .from(t.outbox)
    .where(and(eq(t.outbox.conversationId, sql.placeholder('conversationId')), sql`${t.outbox.status} in ('queued', 'sending')`))
    .orderBy(asc(t.outbox.id))
    .limit(1),
)

/** Items written after one of the same conversation that are neither sent nor given up, the oldest first. */
export const itemsBehind = statement<{ conversationId: string; id: string; limit: number }, OutboxRow>('outbox_behind', ({ db, t }) =>
  db
    .select()
    .from(t.outbox)
    .where(
      and(
        eq(t.outbox.conversationId, sql.placeholder('conversationId')),
        gt(t.outbox.id, sql.placeholder('id')),
        sql`${t.outbox.status} in ('queued', 'sending')`,
      ),
    )
    .orderBy(asc(t.outbox.id))
    .limit(sql.placeholder('limit')),
)

/** Items of a conversation that leave, or left, in one call. */
export const itemsOfKey = statement<{ conversationId: string; retryKey: string }, OutboxRow>('outbox_of_key', ({ db, t }) =>
  db
    .select()
    .from(t.outbox)
    .where(and(eq(t.outbox.conversationId, sql.placeholder('conversationId')), eq(t.outbox.retryKey, sql.placeholder('retryKey'))))
    .orderBy(asc(t.outbox.id)),
)

/** Items of a conversation that wait although they could be sent. */
export const heldItems = statement<{ conversationId: string }, { id: string }>('outbox_held', ({ db, t }) =>
  db
    .select({ id: t.outbox.id })
    .from(t.outbox)
    .where(
      and(eq(t.outbox.conversationId, sql.placeholder('conversationId')), eq(t.outbox.status, 'queued'), sql`${t.outbox.hold} is not null`),
    ),
)

/** Writes an item that still stands as `expected`; false when somebody else was first. */
export async function updateOutbox(
  tx: Tx,
  id: string,
  expected: { readonly status: OutboxRow['status']; readonly leaseToken: string | null },
  changes: Partial<OutboxRow>,
): Promise<boolean> {
  const { outbox } = tx.t
  const token = expected.leaseToken === null ? sql`${outbox.leaseToken} is null` : eq(outbox.leaseToken, expected.leaseToken)
  const rows = await tx.db
    .update(outbox)
    .set(changes)
    .where(and(eq(outbox.id, id), eq(outbox.status, expected.status), token))
    .returning({ id: outbox.id })
  return rows.length === 1
}

/**
 * Conversations whose oldest unsent item is due, by how long it has been. Items behind one that waits are not looked at:
 * with a provider away they would be the oldest of all, and hide what could be sent.
 */
export async function dueConversations(on: Store, now: number, limit: number): Promise<string[]> {
  const { outbox } = on.t
  const rows = await on.db
    .select({ conversationId: outbox.conversationId })
    .from(outbox)
    .where(
      and(
        sql`${outbox.nextAttemptAt} is not null`,
        lte(outbox.nextAttemptAt, now),
        eq(outbox.status, 'queued'),
        sql`not exists (select 1 from ${outbox} as earlier where earlier.conversation_id = ${outbox.conversationId} and earlier.id < ${outbox.id} and earlier.status in ('queued', 'sending'))`,
      ),
    )
    .orderBy(outbox.nextAttemptAt)
    .limit(limit)
  return rows.map((row) => row.conversationId)
}

/** Items left in `sending` by a worker whose lease ran out, the longest first. */
export async function lapsedItems(on: Store, now: number, limit: number): Promise<string[]> {
  const { outbox } = on.t
  const rows = await on.db
    .select({ id: outbox.id })
    .from(outbox)
    .where(
      and(
        sql`${outbox.nextAttemptAt} is not null`,
        lte(outbox.nextAttemptAt, now),
        eq(outbox.status, 'sending'),
        lt(outbox.leaseUntil, now),
      ),
    )
    .orderBy(outbox.nextAttemptAt)
    .limit(limit)
  return rows.map((row) => row.id)
}
