import { and, count, eq, inArray, lt } from 'drizzle-orm'
import type { Store } from '../../../db/store.ts'
import { type Finding, ok, warning } from './findings.ts'

/** A message that waits longer than this to leave, although it is due, is stuck; milliseconds. */
const stuckAfterMs = 5 * 60_000

/** What waits for a person: payloads that could not be processed, messages that do not leave or whose fate is not known. */
export async function examineWork(store: Store, now: number): Promise<Finding[]> {
  const { deliveries: d, outbox: o } = store.t
  const [quarantined] = await store.db.select({ rows: count() }).from(d).where(eq(d.status, 'quarantined'))
  const [stuck] = await store.db
    .select({ rows: count() })
    .from(o)
    .where(and(inArray(o.status, ['queued', 'sending']), lt(o.nextAttemptAt, now - stuckAfterMs)))
  const [unconfirmed] = await store.db.select({ rows: count() }).from(o).where(eq(o.status, 'unconfirmed'))
  return [
    said(
      quarantined?.rows,
      'No payload is quarantined.',
      (n) => `${n} payloads are quarantined; after a fix, \`onequeue deliveries replay --quarantined\`.`,
    ),
    said(
      stuck?.rows,
      'Messages leave when they are due.',
      (n) => `${n} messages are due for more than five minutes; is a hub with the worker role running?`,
    ),
    said(
      unconfirmed?.rows,
      'The fate of every message is known.',
      (n) => `${n} messages may or may not have arrived; agents decide in their conversations.`,
    ),
  ]
}

function said(rows: number | undefined, none: string, some: (rows: number) => string): Finding {
  return rows === undefined || rows === 0 ? ok(none) : warning(some(rows))
}
