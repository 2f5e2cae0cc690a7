import { asc, eq, inArray, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Store, Tx } from '../store.ts'
import { byIds, groupBy } from './by-ids.ts'
import { countersByScope } from './load-agents.ts'

type QueueRow = Pick<Tables['queues']['$inferSelect'], 'id' | 'name' | 'enabled' | 'settings'>

/** A queue with its members. */
export interface LoadedQueue extends QueueRow {
  readonly memberIds: readonly string[]
}

/** What is kept of a queue, and its oldest waiting item. */
export interface LoadedQueueStats {
  readonly queueId: string
  /** Name → value, as `counters` keeps them under `queue:<id>`. */
  readonly counters: Readonly<Record<string, number>>
  readonly oldestWaitingSince: number | null
}

const queueRows = byIds<QueueRow>('load_queues', ({ db, t }, ids) =>
  db
    .select({ id: t.queues.id, name: t.queues.name, enabled: t.queues.enabled, settings: t.queues.settings })
    .from(t.queues)
    .where(inArray(t.queues.id, ids)),
)

const membersOf = byIds<{ queueId: string; agentId: string }>('load_queue_members', ({ db, t }, ids) =>
  db
    .select({ queueId: t.queueMembers.queueId, agentId: t.queueMembers.agentId })
    .from(t.queueMembers)
    .where(inArray(t.queueMembers.queueId, ids))
    .orderBy(asc(t.queueMembers.agentId)),
)

/** Queues by id with their members, the members in the order of their ids. */
export async function loadQueues(on: Store | Tx, ids: Iterable<string>): Promise<LoadedQueue[]> {
  const unique = [...new Set(ids)]
  const members = groupBy(await membersOf(on, unique), (r) => r.queueId)
  const rows = await queueRows(on, unique)
  return rows.map((row) => ({ ...row, memberIds: (members.get(row.id) ?? []).map((m) => m.agentId) }))
}

/** Ids of all queues, in the order of their making. */
export const allQueueIds = statement<Record<string, never>, { id: string }>('all_queue_ids', ({ db, t }) =>
  db.select({ id: t.queues.id }).from(t.queues).orderBy(asc(t.queues.id)),
)

const oldestWaiting = statement<{ queueId: string }, { waitingSince: number }>('oldest_waiting', ({ db, t: { conversations: c } }) =>
  db
    .select({ waitingSince: c.waitingSince })
    .from(c)
    // Literal, as the partial index spells it: a parameter would hide the match from the planner.
    .where(sql`${eq(c.queueId, sql.placeholder('queueId'))} and ${c.status} in ('queued','offered')`)
    .orderBy(asc(c.waitingSince))
    .limit(1),
)

/** Kept numbers and oldest waiting item of queues; one answer for each id, known or not. */
export async function loadQueueStats(on: Store | Tx, ids: Iterable<string>): Promise<LoadedQueueStats[]> {
  const unique = [...new Set(ids)]
  const counters = groupBy(
    await countersByScope(
      on,
      unique.map((id) => `queue:${id}`),
    ),
    (r) => r.scope,
  )
  const stats: LoadedQueueStats[] = []
  for (const queueId of unique) {
    const [oldest] = await oldestWaiting(on, { queueId })
    const kept = Object.fromEntries((counters.get(`queue:${queueId}`) ?? []).map((c) => [c.name, c.value]))
    stats.push({ queueId, counters: kept, oldestWaitingSince: oldest?.waitingSince ?? null })
  }
  return stats
}
