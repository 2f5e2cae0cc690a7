import { and, asc, eq, isNotNull, lte } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import type { Store, Tx } from '../store.ts'

export type CalendarRow = Tables['calendars']['$inferSelect']

/** All calendars by name. */
export async function allCalendars(on: Store | Tx): Promise<CalendarRow[]> {
  return on.db.select().from(on.t.calendars).orderBy(asc(on.t.calendars.name))
}

export async function calendarById(on: Store | Tx, id: string): Promise<CalendarRow | null> {
  const [row] = await on.db.select().from(on.t.calendars).where(eq(on.t.calendars.id, id)).limit(1)
  return row ?? null
}

export async function insertCalendar(tx: Tx, row: CalendarRow): Promise<void> {
  await tx.db.insert(tx.t.calendars).values(row)
}

/** Changes a calendar; false when there is none. */
export async function updateCalendarRow(
  tx: Tx,
  id: string,
  changes: Partial<Pick<CalendarRow, 'name' | 'settings' | 'changesAt' | 'updatedAt'>>,
): Promise<boolean> {
  const rows = await tx.db.update(tx.t.calendars).set(changes).where(eq(tx.t.calendars.id, id)).returning({ id: tx.t.calendars.id })
  return rows.length > 0
}

/** Removes a calendar; false when there is none. */
export async function deleteCalendarRow(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx.db.delete(tx.t.calendars).where(eq(tx.t.calendars.id, id)).returning({ id: tx.t.calendars.id })
  return rows.length > 0
}

/** Calendars that have opened or closed since they were looked at. */
export async function dueCalendars({ db, t }: Store, now: number, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: t.calendars.id })
    .from(t.calendars)
    .where(and(isNotNull(t.calendars.changesAt), lte(t.calendars.changesAt, now)))
    .orderBy(asc(t.calendars.changesAt))
    .limit(limit)
  return rows.map(({ id }) => id)
}
