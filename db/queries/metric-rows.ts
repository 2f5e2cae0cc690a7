import { and, eq, gte, isNull, lt, or } from 'drizzle-orm'
import type { Store } from '../store.ts'
import type { QueueStayRow, SegmentRow } from './stays.ts'

/** A wait or a part that began longer before the time asked for than this is left out, milliseconds. */
const longestMs = 14 * 86_400_000

/** Waits that ended in a time, and those that have not ended. */
export async function staysEnded({ db, t: { queueStays: s } }: Store, from: number, to: number, queueId?: string): Promise<QueueStayRow[]> {
  return db
    .select()
    .from(s)
    .where(
      and(
        gte(s.enteredAt, from - longestMs),
        lt(s.enteredAt, to),
        or(isNull(s.leftAt), and(gte(s.leftAt, from), lt(s.leftAt, to))),
        queueId === undefined ? undefined : eq(s.queueId, queueId),
      ),
    )
}

/** Agents' parts that touch a time. */
export async function segmentsIn({ db, t: { segments: s } }: Store, from: number, to: number, agentId?: string): Promise<SegmentRow[]> {
  return db
    .select()
    .from(s)
    .where(
      and(
        gte(s.startedAt, from - longestMs),
        lt(s.startedAt, to),
        or(isNull(s.endedAt), gte(s.endedAt, from)),
        agentId === undefined ? undefined : eq(s.agentId, agentId),
      ),
    )
}

/** Conversations that began in a time, as far as answers go. */
export async function answersOf({ db, t: { conversations: c } }: Store, from: number, to: number) {
  return db
    .select({
      conversationId: c.id,
      firstCustomerAt: c.firstCustomerAt,
      firstResponseAt: c.firstResponseAt,
      resolvedAt: c.resolvedAt,
    })
    .from(c)
    .where(and(gte(c.createdAt, from), lt(c.createdAt, to)))
}
