import { and, asc, eq, inArray, lt, lte, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Store, Tx } from '../store.ts'

export type OutboxRow = Tables['outbox']['$inferSelect']

export async function insertOutbox(tx: Tx, row: OutboxRow): Promise<void> {
  await tx.db.insert(tx.t.outbox).values(row)
}

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

/** Conversations with items whose time has come, by how long they have been due. */
export async function dueConversations(on: Store, now: number, limit: number): Promise<string[]> {
  const { outbox } = on.t
  const rows = await on.db
    .select({ conversationId: outbox.conversationId })
    .from(outbox)
    .where(and(sql`${outbox.nextAttemptAt} is not null`, lte(outbox.nextAttemptAt, now)))
    .orderBy(outbox.nextAttemptAt)
    .limit(limit)
  return [...new Set(rows.map((row) => row.conversationId))]
}

/** Items left in `sending` by a worker whose lease ran out. */
export async function lapsedItems(on: Store, now: number, limit: number): Promise<OutboxRow[]> {
  const { outbox } = on.t
  return on.db
    .select()
    .from(outbox)
    .where(
      and(
        sql`${outbox.nextAttemptAt} is not null`,
        lte(outbox.nextAttemptAt, now),
        inArray(outbox.status, ['sending']),
        lt(outbox.leaseUntil, now),
      ),
    )
    .limit(limit)
}
