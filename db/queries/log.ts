import { and, asc, desc, gt, lte, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Store, Tx } from '../store.ts'

/** A row of the event log. */
export type LogEvent = Tables['events']['$inferSelect']

/**
 * Events after a number up to another, oldest first. Rows become visible in the order of their numbers, so
 * a number that is missing below a visible one was rolled back and never comes.
 */
export const eventsAfter = statement<{ after: number; upTo: number; limit: number }, LogEvent>('events_after', ({ db, t: { events: e } }) =>
  db
    .select()
    .from(e)
    .where(and(gt(e.seq, sql.placeholder('after')), lte(e.seq, sql.placeholder('upTo'))))
    .orderBy(asc(e.seq))
    .limit(sql.placeholder('limit')),
)

const newest = statement<Record<string, never>, { seq: number }>('newest_event', ({ db, t }) =>
  db.select({ seq: t.events.seq }).from(t.events).orderBy(desc(t.events.seq)).limit(1),
)

/** The log's newest number; 0 when it is empty. */
export async function newestSeq(on: Store | Tx): Promise<number> {
  const [row] = await newest(on, {})
  return row?.seq ?? 0
}

/** The newest number told before an instant (epoch ms); 0 when there is none. Instants rise with numbers, but for the clocks of nodes that differ a little. */
export async function seqBefore(on: Store, at: number): Promise<number> {
  let low = 0
  let high = await newestSeq(on)
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const [event] = await eventsAfter(on, { after: middle - 1, upTo: high, limit: 1 })
    if (event !== undefined && event.at < at) low = event.seq
    else high = middle - 1
  }
  return low
}
