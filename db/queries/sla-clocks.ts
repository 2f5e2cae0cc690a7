import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Store, Tx } from '../store.ts'

export type SlaClockRow = Tables['slaClocks']['$inferSelect']

/** All clocks of a conversation, in the order of their beginning. */
export const clocksOf = statement<{ conversationId: string }, SlaClockRow>('sla_clocks_of', ({ db, t }) =>
  db
    .select()
    .from(t.slaClocks)
    .where(eq(t.slaClocks.conversationId, sql.placeholder('conversationId')))
    .orderBy(asc(t.slaClocks.id)),
)

export async function insertClock(tx: Tx, row: SlaClockRow): Promise<void> {
  await tx.db.insert(tx.t.slaClocks).values(row)
}

export async function updateClock(tx: Tx, { id, conversationId: _of, ...changes }: SlaClockRow): Promise<void> {
  await tx.db.update(tx.t.slaClocks).set(changes).where(eq(tx.t.slaClocks.id, id))
}

/** Conversations with a deadline or a warning that has come and has not been told; the oldest first. */
export async function dueClocks({ db, t: { slaClocks: c } }: Store, now: number, limit: number): Promise<string[]> {
  // Spelled as the partial indexes are, so that the planner finds them.
  const breached = await db
    .select({ id: c.conversationId })
    .from(c)
    .where(sql`${c.dueAt} <= ${now} and ${c.endedAt} is null and ${c.breachedAt} is null and ${c.dueAt} is not null`)
    .orderBy(asc(c.dueAt))
    .limit(limit)
  const warned = await db
    .select({ id: c.conversationId })
    .from(c)
    .where(
      sql`${c.warnAt} <= ${now} and ${c.endedAt} is null and ${c.warnedAt} is null and ${c.warnAt} is not null and ${c.breachedAt} is null`,
    )
    .orderBy(asc(c.warnAt))
    .limit(limit)
  return [...new Set([...breached, ...warned].map(({ id }) => id))].slice(0, limit)
}

/** Conversations with clocks that run under a policy. */
export async function conversationsOfPolicy({ db, t: { slaClocks: c } }: Tx, policyId: string): Promise<string[]> {
  const rows = await db
    .selectDistinct({ id: c.conversationId })
    .from(c)
    .where(and(eq(c.policyId, policyId), isNull(c.endedAt)))
  return rows.map(({ id }) => id)
}

/** Conversations with clocks that run in a calendar's time. */
export async function conversationsOfCalendar({ db, t: { slaClocks: c } }: Tx, calendarId: string): Promise<string[]> {
  const rows = await db
    .selectDistinct({ id: c.conversationId })
    .from(c)
    .where(and(eq(c.calendarId, calendarId), isNull(c.endedAt)))
  return rows.map(({ id }) => id)
}
