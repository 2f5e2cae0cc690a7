import { deleteCalendarRow, insertCalendar, updateCalendarRow } from '../../../db/queries/calendars.ts'
import type { Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { openStateAt } from '../../core/calendars/work-time.ts'
import { isZone } from '../../core/calendars/zone-time.ts'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import type { Calendar, CalendarInput, CalendarSettings } from '../../wire/calendars.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { noteChange } from '../note-change.ts'
import { loadConfiguration } from '../routing/configuration.ts'
import { publishConfiguration } from '../routing/publish.ts'
import { retimeClocksOfCalendar } from '../sla/retime-clocks.ts'
import { refuseTaken } from '../unique-name.ts'
import { openHours } from './open-hours-of.ts'
import { calendarOf } from './read-calendars.ts'

const nameTaken = 'A calendar of this name exists.'

/** Makes a calendar. @throws AppError 'conflict' when the name is taken; 'invalid_input' for an unknown time zone. */
export async function createCalendar(ctx: ServiceContext, viewer: Viewer, { name, settings }: CalendarInput): Promise<Calendar> {
  require(viewer, 'routing.manage')
  checkZone(settings)
  return ctx.store.tx(async (tx) => {
    const at = ctx.clock.now()
    const row = { id: newId(), name, settings, changesAt: changesAfter(settings, at), createdAt: at, updatedAt: at }
    await refuseTaken(tx, 'name', nameTaken, (inner) => insertCalendar(inner, row))
    noteChange(tx, viewer, { type: 'calendar.changed', at, subjectId: row.id })
    await publishConfiguration(tx, viewer, { at, note: `calendar ${name}` })
    return calendarOf(tx, row.id)
  })
}

/** Replaces a calendar; deadlines in working time move with it. @throws AppError as `createCalendar`; 'not_found'. */
export async function updateCalendar(
  ctx: ServiceContext,
  viewer: Viewer,
  id: string,
  { name, settings }: CalendarInput,
): Promise<Calendar> {
  require(viewer, 'routing.manage')
  checkZone(settings)
  return ctx.store.tx(async (tx) => {
    const at = ctx.clock.now()
    const changes = { name, settings, changesAt: changesAfter(settings, at), updatedAt: at }
    const found = await refuseTaken(tx, 'name', nameTaken, (inner) => updateCalendarRow(inner, id, changes))
    if (!found) throw new AppError('not_found', 'There is no such calendar.')
    await settle(tx, viewer, id, at, `calendar ${name}`)
    return calendarOf(tx, id)
  })
}

/** Removes a calendar that nothing goes by. @throws AppError 'not_found'; 'conflict' with code `in_use` and what goes by it. */
export async function deleteCalendar(ctx: ServiceContext, viewer: Viewer, id: string): Promise<void> {
  require(viewer, 'routing.manage')
  await ctx.store.tx(async (tx) => {
    const { name } = await calendarOf(tx, id)
    const uses = await usesOf(tx, id)
    if (uses.length > 0) {
      throw new AppError('conflict', `These go by the calendar: ${uses.join(', ')}. Give them another first.`, { code: 'in_use', uses })
    }
    const at = ctx.clock.now()
    await deleteCalendarRow(tx, id)
    await settle(tx, viewer, id, at, `calendar ${name} removed`)
  })
}

/** Closes a place at a stroke, whatever its hours say: deadlines in working time move, waiting customers are told. */
export async function closeCalendar(
  ctx: ServiceContext,
  viewer: Viewer,
  id: string,
  closure: Omit<CalendarSettings['closures'][number], 'since'>,
): Promise<Calendar> {
  require(viewer, 'routing.manage')
  return changeClosures(ctx, viewer, id, 'closed', (closures, at) => {
    if (closure.until !== null && closure.until <= at) throw new AppError('invalid_input', 'The closure would have ended already.')
    if (closures.some(({ since, until }) => since <= at && (until === null || until > at)))
      throw new AppError('conflict', 'It is closed already; open it first.', { code: 'closed_already' })
    return [...closures, { ...closure, since: at }]
  })
}

/** Ends the closure in force; the hours count again. @throws AppError 'conflict' when none is. */
export async function reopenCalendar(ctx: ServiceContext, viewer: Viewer, id: string): Promise<Calendar> {
  require(viewer, 'routing.manage')
  return changeClosures(ctx, viewer, id, 'opened', (closures, at) => {
    const inForce = closures.filter(({ since, until }) => since <= at && (until === null || until > at))
    if (inForce.length === 0) throw new AppError('conflict', 'No closure is in force.', { code: 'not_closed' })
    return closures.map((closure) => (inForce.includes(closure) ? { ...closure, until: at } : closure))
  })
}

async function changeClosures(
  ctx: ServiceContext,
  viewer: Viewer,
  id: string,
  what: 'closed' | 'opened',
  change: (closures: CalendarSettings['closures'], at: number) => CalendarSettings['closures'],
): Promise<Calendar> {
  return ctx.store.tx(async (tx) => {
    const at = ctx.clock.now()
    const calendar = await calendarOf(tx, id)
    const settings = { ...calendar.settings, closures: change(calendar.settings.closures, at) }
    // Due at once: what waits is told by the sweep that acts on opening and closing.
    await updateCalendarRow(tx, id, { settings, changesAt: at, updatedAt: at })
    await settle(tx, viewer, id, at, `calendar ${calendar.name} ${what}`)
    return calendarOf(tx, id)
  })
}

async function settle(tx: Tx, viewer: Viewer, id: string, at: number, note: string): Promise<void> {
  noteChange(tx, viewer, { type: 'calendar.changed', at, subjectId: id })
  await publishConfiguration(tx, viewer, { at, note })
  await retimeClocksOfCalendar(tx, id, at)
}

async function usesOf(tx: Tx, id: string): Promise<string[]> {
  const { queues, policies, rules } = await loadConfiguration(tx)
  return [
    ...queues.filter(({ settings }) => settings.calendarId === id).map(({ name }) => name),
    ...policies.filter(({ settings }) => settings.calendarId === id || tests(settings.when, id)).map(({ name }) => name),
    ...rules.filter(({ when }) => tests(when, id)).map(({ name }) => name),
  ]
}

function tests(when: { tests: readonly { fact: string; calendarId?: string }[] }, id: string): boolean {
  return when.tests.some(({ fact, calendarId }) => fact === 'hours' && calendarId === id)
}

function checkZone({ zone }: CalendarSettings): void {
  if (isZone(zone)) return
  const message = 'There is no such time zone; names have the form Asia/Taipei.'
  throw new AppError('invalid_input', message, { fields: [{ path: 'settings.zone', message }] })
}

function changesAfter(settings: CalendarSettings, at: number): number | null {
  return openStateAt(openHours(settings), at).changesAt
}
