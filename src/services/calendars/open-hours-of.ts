import { calendarById } from '../../../db/queries/calendars.ts'
import type { Store, Tx } from '../../../db/store.ts'
import { OpenHours } from '../../core/calendars/open-hours.ts'
import { type CalendarSettings, calendarSettingsSchema } from '../../wire/calendars.ts'

/** Calendars worked out at most; a centre has a handful. */
const keptAtMost = 100
const kept = new Map<string, OpenHours>()

/** A calendar's open time, worked out once for the same settings. */
export function openHours(settings: CalendarSettings): OpenHours {
  const key = JSON.stringify(settings)
  const known = kept.get(key)
  if (known !== undefined) return known
  const oldest = kept.keys().next()
  if (kept.size >= keptAtMost && oldest.done === false) kept.delete(oldest.value)
  const made = new OpenHours(calendarSettingsSchema.parse(settings))
  kept.set(key, made)
  return made
}

/** The open time of a calendar as it is stored now; null when there is none. */
export async function openHoursOf(on: Store | Tx, calendarId: string | null): Promise<OpenHours | null> {
  const row = calendarId === null ? null : await calendarById(on, calendarId)
  return row === null ? null : openHours(row.settings)
}
