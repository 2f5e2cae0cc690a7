import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Store, Tx } from '../store.ts'

export type ThreadMemberRow = Tables['threadMembers']['$inferSelect']

/** A member of a thread by the provider's id of the person. */
export const memberByExternalId = statement<{ inboxId: string; threadKey: string; externalId: string }, ThreadMemberRow>(
  'thread_member_by_external_id',
  ({ db, t: { threadMembers: m } }) =>
    db
      .select()
      .from(m)
      .where(
        and(
          eq(m.inboxId, sql.placeholder('inboxId')),
          eq(m.threadKey, sql.placeholder('threadKey')),
          eq(m.externalId, sql.placeholder('externalId')),
        ),
      )
      .limit(1),
)

export const memberById = statement<{ id: string }, ThreadMemberRow>('thread_member_by_id', ({ db, t: { threadMembers: m } }) =>
  db
    .select()
    .from(m)
    .where(eq(m.id, sql.placeholder('id')))
    .limit(1),
)

/** Adds a member unless they are known; false when they are. */
export async function insertMember(tx: Tx, row: ThreadMemberRow): Promise<boolean> {
  const added = await tx.db.insert(tx.t.threadMembers).values(row).onConflictDoNothing().returning({ id: tx.t.threadMembers.id })
  return added.length === 1
}

export async function updateMember(tx: Tx, id: string, changes: Partial<ThreadMemberRow>): Promise<void> {
  await tx.db.update(tx.t.threadMembers).set(changes).where(eq(tx.t.threadMembers.id, id))
}

/** Who is in a thread, those who came first before the others; at most `limit`. */
export async function membersOfThread(
  on: Store | Tx,
  thread: { readonly inboxId: string; readonly threadKey: string },
  limit: number,
): Promise<ThreadMemberRow[]> {
  const { db, t } = on as Store
  const { threadMembers: m } = t
  return db
    .select()
    .from(m)
    .where(and(eq(m.inboxId, thread.inboxId), eq(m.threadKey, thread.threadKey), isNull(m.leftAt)))
    .orderBy(asc(m.joinedAt), asc(m.id))
    .limit(limit)
}

/** The newest messages of a member in a conversation, those whose author's name is on screens. */
export async function messagesOfMember(tx: Tx, conversationId: string, memberId: string, limit: number): Promise<string[]> {
  const { messages: m } = tx.t
  const rows = await tx.db
    .select({ id: m.id, memberId: m.memberId })
    .from(m)
    .where(eq(m.conversationId, conversationId))
    .orderBy(desc(m.ordinal))
    .limit(limit)
  return rows.flatMap((row) => (row.memberId === memberId ? [row.id] : []))
}
