import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Store, Tx } from '../store.ts'

export type VisitorRow = Tables['visitors']['$inferSelect']

/** What is known of a visitor; no row for one that only looked in. */
export const visitorById = statement<{ id: string }, VisitorRow>('visitor_by_id', ({ db, t }) =>
  db
    .select()
    .from(t.visitors)
    .where(eq(t.visitors.id, sql.placeholder('id')))
    .limit(1),
)

/** Writes what is known of a visitor, whether there was something or not. */
export async function putVisitor(tx: Tx, row: VisitorRow): Promise<void> {
  const { id: _, createdAt: __, ...changes } = row
  await tx.db.insert(tx.t.visitors).values(row).onConflictDoUpdate({ target: tx.t.visitors.id, set: changes })
}

/** Whether anybody of a queue is at work: on a console, and neither away nor offline. */
export const attendedQueue = statement<{ queueId: string; now: number }, { id: string }>('attended_queue', ({ db, t }) =>
  db
    .select({ id: t.queueMembers.agentId })
    .from(t.queueMembers)
    .innerJoin(t.agentStates, eq(t.agentStates.agentId, t.queueMembers.agentId))
    .where(
      and(
        eq(t.queueMembers.queueId, sql.placeholder('queueId')),
        gt(t.agentStates.leaseUntil, sql.placeholder('now')),
        inArray(t.agentStates.state, sql`('available', 'busy', 'wrap_up')`),
      ),
    )
    .limit(1),
)

/** The head of a queue's line, in the order of routing. */
export const headOfLine = statement<{ queueId: string; limit: number }, { id: string }>('head_of_line', ({ db, t: { conversations: c } }) =>
  db
    .select({ id: c.id })
    .from(c)
    .where(and(eq(c.queueId, sql.placeholder('queueId')), sql`${c.status} in ('queued','offered')`))
    .orderBy(sql`${c.priority} desc`, sql`${c.personal} desc`, asc(c.waitingSince), asc(c.id))
    .limit(sql.placeholder('limit')),
)

/** Conversations of a thread, oldest first. */
export async function conversationsOfThread(on: Store | Tx, inboxId: string, threadKey: string) {
  const { db, t } = on as Store
  const { conversations: c } = t
  return db
    .select()
    .from(c)
    .where(and(eq(c.inboxId, inboxId), eq(c.threadKey, threadKey)))
    .orderBy(asc(c.id))
}
