import { and, asc, count, desc, eq, lte, or, sql } from 'drizzle-orm'
import { statement } from '../statement.ts'
import type { Store, Tx } from '../store.ts'

/** An item's place among those of its queue. */
export interface PlaceKey {
  readonly id: string
  readonly queueId: string
  readonly priority: number
  readonly waitingSince: number
}

/** How many items of its queue come before one: higher priority, then the longer waiting, then by id. */
export async function aheadInQueue(
  { db, t: { conversations: c } }: Store | Tx,
  { id, queueId, priority, waitingSince }: PlaceKey,
): Promise<number> {
  const earlier = or(
    sql`${c.priority} > ${priority}`,
    and(
      eq(c.priority, priority),
      or(sql`${c.waitingSince} < ${waitingSince}`, and(eq(c.waitingSince, waitingSince), sql`${c.id} < ${id}`)),
    ),
  )
  const [row] = await db
    .select({ ahead: count() })
    .from(c)
    // Literal, as the partial index spells it.
    .where(and(eq(c.queueId, queueId), sql`${c.status} in ('queued','offered')`, earlier))
  return row?.ahead ?? 0
}

/** When items of a queue were answered since an instant; at most `limit`, the newest first. */
export async function answeredSince(
  { db, t: { queueStays: s } }: Store | Tx,
  queueId: string,
  since: number,
  limit: number,
): Promise<number[]> {
  const rows = await db
    .select({ leftAt: s.leftAt })
    .from(s)
    .where(and(eq(s.queueId, queueId), eq(s.outcome, 'answered'), sql`${s.leftAt} > ${since}`, sql`${s.enteredAt} > ${since - 86_400_000}`))
    .orderBy(desc(s.enteredAt))
    .limit(limit)
  return rows.flatMap(({ leftAt }) => (leftAt === null ? [] : [leftAt]))
}

/** Agents who serve a queue, as members or by a group without delay, and are logged in now. */
export async function onDutyOf(
  { db, t: { agentStates: s, queueMembers: m, groupMembers: g } }: Store | Tx,
  queueId: string,
  groupIds: readonly string[],
  now: number,
): Promise<number> {
  const [row] = await db
    .select({ here: count() })
    .from(s)
    .where(
      and(
        sql`${s.leaseUntil} > ${now} and ${s.state} <> 'offline'`,
        or(
          sql`${s.agentId} in (select ${m.agentId} from ${m} where ${m.queueId} = ${queueId})`,
          ...groupIds.map((groupId) => sql`${s.agentId} in (select ${g.agentId} from ${g} where ${g.groupId} = ${groupId})`),
        ),
      ),
    )
  return row?.here ?? 0
}

/** Conversations for which a step of their queue's has come due, the oldest first. */
export async function dueWaitingSteps({ db, t: { conversations: c } }: Store, now: number, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: c.id })
    .from(c)
    .where(and(sql`${c.waitingStepAt} is not null`, lte(c.waitingStepAt, now)))
    .orderBy(asc(c.waitingStepAt))
    .limit(limit)
  return rows.map(({ id }) => id)
}

/** What waits in a queue, by age. */
export const waitingIn = statement<{ queueId: string }, { id: string }>('waiting_in', ({ db, t: { conversations: c } }) =>
  db
    .select({ id: c.id })
    .from(c)
    .where(sql`${eq(c.queueId, sql.placeholder('queueId'))} and ${c.status} in ('queued','offered')`)
    .orderBy(asc(c.waitingSince), asc(c.id)),
)
