import { and, asc, eq, gte, lt } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import type { Store } from '../store.ts'
import type { QueueStayRow } from './stays.ts'

/** A wait with what its conversation asks for. */
export interface DayRow extends QueueStayRow {
  readonly requiredSkills: Tables['conversations']['$inferSelect']['requiredSkills']
}

/** Waits that began in a time, in their order. */
export async function dayRows({ db, t: { queueStays: s, conversations: c } }: Store, from: number, to: number): Promise<DayRow[]> {
  const rows = await db
    .select({ stay: s, requiredSkills: c.requiredSkills })
    .from(s)
    .innerJoin(c, eq(c.id, s.conversationId))
    .where(and(gte(s.enteredAt, from), lt(s.enteredAt, to)))
    .orderBy(asc(s.enteredAt), asc(s.id))
  return rows.map(({ stay, requiredSkills }) => ({ ...stay, requiredSkills }))
}
