import { allCalendars, type CalendarRow, calendarById } from '../../../db/queries/calendars.ts'
import type { Store, Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { openStateAt } from '../../core/calendars/work-time.ts'
import { AppError } from '../../lib/errors.ts'
import { type Calendar, calendarSettingsSchema, type OpenState } from '../../wire/calendars.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { openHours } from './open-hours-of.ts'

/** All calendars by name. */
export async function listCalendars(ctx: ServiceContext, viewer: Viewer): Promise<Calendar[]> {
  require(viewer, 'queue.read')
  return (await allCalendars(ctx.store)).map(presentCalendar)
}

/** Whether a calendar is open now, why not, and when that changes. @throws AppError 'not_found'. */
export async function getOpenState(ctx: ServiceContext, viewer: Viewer, id: string): Promise<OpenState> {
  require(viewer, 'queue.read')
  const { settings } = await calendarOf(ctx.store, id)
  return openStateAt(openHours(settings), ctx.clock.now())
}

/** One calendar for a caller that has asked for leave. @throws AppError 'not_found'. */
export async function calendarOf(on: Store | Tx, id: string): Promise<Calendar> {
  const row = await calendarById(on, id)
  if (row === null) throw new AppError('not_found', 'There is no such calendar.')
  return presentCalendar(row)
}

function presentCalendar({ id, name, settings, updatedAt }: CalendarRow): Calendar {
  return { id, name, settings: calendarSettingsSchema.parse(settings), updatedAt }
}
