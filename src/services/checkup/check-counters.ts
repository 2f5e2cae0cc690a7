import { sql } from 'drizzle-orm'
import type { Store } from '../../../db/store.ts'
import { counterDeltas } from '../conversations/counts.ts'

/**
 * Counts the conversations afresh and holds the kept numbers against them. Reads every conversation once, grouped by the
 * database.
 * @returns a sentence for each number that differs; empty when all agree. For a store at rest: work under way may differ.
 */
export async function checkCounters(store: Store): Promise<string[]> {
  const { conversations: c, counters } = store.t
  const parked = sql<number>`case when ${c.parkedAt} is null then 0 else 1 end`
  const groups = await store.db
    .select({
      status: c.status,
      queueId: c.queueId,
      channel: c.channel,
      assigneeId: c.assigneeId,
      offeredTo: c.offeredTo,
      parked,
      count: sql<number>`count(*)`,
    })
    .from(c)
    .groupBy(c.status, c.queueId, c.channel, c.assigneeId, c.offeredTo, parked)
  const expected = new Map<string, number>()
  for (const { parked: isParked, count, ...group } of groups) {
    const deltas = counterDeltas(null, { ...group, parkedAt: Number(isParked) === 1 ? 0 : null })
    for (const { scope, name } of deltas) {
      const key = `${scope} ${name}`
      expected.set(key, (expected.get(key) ?? 0) + Number(count))
    }
  }
  const kept = new Map((await store.db.select().from(counters)).map(({ scope, name, value }) => [`${scope} ${name}`, value]))
  return [...new Set([...expected.keys(), ...kept.keys()])]
    .filter((key) => (expected.get(key) ?? 0) !== (kept.get(key) ?? 0))
    .map((key) => `The kept number "${key}" is ${kept.get(key) ?? 0}; the conversations say ${expected.get(key) ?? 0}.`)
}
