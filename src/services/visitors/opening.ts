import { calendarById } from '../../../db/queries/calendars.ts'
import { queueSettings } from '../../../db/queries/queues.ts'
import { OpenHours } from '../../core/calendars/open-hours.ts'
import { openStateAt } from '../../core/calendars/work-time.ts'
import { calendarSettingsSchema, type OpenState } from '../../wire/calendars.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'

/** Whether the queue behind a chat is open, and when it opens. */
export interface Opening {
  readonly open: boolean
  /** Epoch ms; null when it is open or nobody knows. */
  readonly opensAt: number | null
}

/** How long what was read of a calendar is good for, milliseconds. */
const keptMs = 10_000

interface Kept {
  readonly until: number
  readonly hours: Promise<OpenHours | null>
}

const kept = new WeakMap<ServiceContext, Map<string, Kept>>()

/** Reads the hours of an inbox's queue; one without a calendar is always open. */
export async function openingOf(ctx: ServiceContext, inbox: Pick<OpenInbox, 'queueId'>): Promise<Opening> {
  const hours = await hoursOf(ctx, inbox.queueId)
  if (hours === null) return { open: true, opensAt: null }
  const state: OpenState = openStateAt(hours, ctx.clock.now())
  return { open: state.open, opensAt: state.open ? null : state.changesAt }
}

function hoursOf(ctx: ServiceContext, queueId: string): Promise<OpenHours | null> {
  const known = kept.get(ctx) ?? new Map<string, Kept>()
  kept.set(ctx, known)
  const now = ctx.clock.now()
  const last = known.get(queueId)
  if (last !== undefined && last.until > now) return last.hours
  const hours = readHours(ctx, queueId)
  known.set(queueId, { until: now + keptMs, hours })
  hours.catch(() => known.delete(queueId))
  return hours
}

async function readHours(ctx: ServiceContext, queueId: string): Promise<OpenHours | null> {
  const { calendarId } = await queueSettings(ctx.store, queueId)
  const calendar = calendarId === null ? null : await calendarById(ctx.store, calendarId)
  return calendar === null ? null : new OpenHours(calendarSettingsSchema.parse(calendar.settings))
}
