import type { Viewer } from '../../core/access/authorize.ts'
import { isOpenAt } from '../../core/calendars/work-time.ts'
import { erlangC } from '../../core/simulation/erlang.ts'
import type { DayPlan } from '../../core/simulation/plan.ts'
import { type SimulatedQueue, simulateDay } from '../../core/simulation/simulate.ts'
import { AppError } from '../../lib/errors.ts'
import type { RoutingConfiguration } from '../../wire/configuration.ts'
import type { DayReplay, ReplayedDay, ReplayInput } from '../../wire/replay.ts'
import { require } from '../access/require.ts'
import { openHours } from '../calendars/open-hours-of.ts'
import type { ServiceContext } from '../context.ts'
import { loadConfiguration } from './configuration.ts'
import { recordedDay } from './recorded-day.ts'

/** The longest stretch that is lived through again, milliseconds. */
const longestMs = 2 * 86_400_000

/**
 * Lives a recorded stretch through again, by the engine that routes: with the configuration in force and, where one is given, with
 * another, so that what publishing it would change is seen before. Deterministic; nothing is written.
 * @throws AppError 'forbidden'; 'invalid_input' for a stretch that is empty or longer than two days.
 */
export async function replayDay(ctx: ServiceContext, viewer: Viewer, { from, to, configuration }: ReplayInput): Promise<DayReplay> {
  require(viewer, 'routing.manage')
  if (to <= from || to - from > longestMs) {
    const message = 'A replay is over at least a moment and at most two days.'
    throw new AppError('invalid_input', message, { fields: [{ path: 'to', message }] })
  }
  const present = await loadConfiguration(ctx.store)
  const before = await recordedDay(ctx.store, present, from, to)
  const after = configuration === undefined ? null : await recordedDay(ctx.store, configuration, from, to)
  return {
    arrivals: before.arrivals.length,
    shifts: before.shifts.length,
    before: live(before, present),
    after: after === null || configuration === undefined ? null : live(after, configuration),
    estimate: estimateOf(before, to - from),
  }
}

function live(plan: DayPlan, { queues, calendars }: RoutingConfiguration): ReplayedDay {
  const hours = new Map(calendars.map(({ id, settings }) => [id, openHours(settings)]))
  const simulated: SimulatedQueue[] = queues.map(({ id, settings, memberIds }) => {
    const open = settings.calendarId === null ? undefined : hours.get(settings.calendarId)
    return { id, settings, memberIds, ...(open === undefined ? {} : { isOpen: (at: number) => isOpenAt(open, at) }) }
  })
  const { serviceLevel, waits, abandonRate, occupancy, fairShare, handled } = simulateDay(plan, simulated)
  return { serviceLevel, waits: { ...waits }, abandonRate, occupancy, fairShare, handled }
}

/** Erlang C of the whole stretch as one steady load: a sanity check beside the simulation, not a forecast. */
function estimateOf({ arrivals, shifts }: DayPlan, lengthMs: number): DayReplay['estimate'] {
  const staffedMs = shifts.reduce((sum, { from, to }) => sum + to - from, 0)
  const agents = Math.floor(staffedMs / lengthMs)
  if (arrivals.length === 0 || agents === 0) return null
  const handleMs = arrivals.reduce((sum, arrival) => sum + arrival.handleMs, 0) / arrivals.length
  const { waitShare, meanWaitMs } = erlangC({ agents, perHour: (arrivals.length * 3_600_000) / lengthMs, handleMs })
  return { agents, waitShare, meanWaitMs: Number.isFinite(meanWaitMs) ? meanWaitMs : null }
}
