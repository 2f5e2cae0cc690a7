import type { PauseReason, SlaClockState, SlaPause, SlaTarget } from '../../wire/sla-policies.ts'
import type { OpenHours } from '../calendars/open-hours.ts'
import { addWorkTime, workTimeBetween } from '../calendars/work-time.ts'
import type { ClockTerms } from './policy.ts'

/** A promise about one conversation with what it goes by. Instants are epoch milliseconds. */
export type SlaClock = Readonly<SlaClockState> & ClockTerms

/** The hours of a calendar; undefined for one that is gone, whose time then counts as wall time. */
export type HoursOf = (calendarId: string) => OpenHours | undefined

/** Starts a clock; its deadline stands from now on until something it rests on changes. */
export function startClock(target: SlaTarget, terms: ClockTerms, at: number, hoursOf: HoursOf): SlaClock {
  const clock: SlaClock = {
    ...terms,
    target,
    startedAt: at,
    dueAt: null,
    warnAt: null,
    warnedAt: null,
    breachedAt: null,
    endedAt: null,
    outcome: null,
    pauses: [],
  }
  return timed(clock, hoursOf)
}

/** Stops a clock for a reason; nothing happens to one that stands still for it already, or has ended. */
export function pauseClock(clock: SlaClock, reason: PauseReason, at: number, hoursOf: HoursOf): SlaClock {
  if (clock.endedAt !== null || clock.pauses.some((pause) => pause.reason === reason && pause.to === null)) return clock
  return timed({ ...clock, pauses: [...clock.pauses, { reason, from: Math.max(at, clock.startedAt), to: null }] }, hoursOf)
}

/** Ends a pause; the clock goes on once no other reason holds it. */
export function resumeClock(clock: SlaClock, reason: PauseReason, at: number, hoursOf: HoursOf): SlaClock {
  if (!clock.pauses.some((pause) => pause.reason === reason && pause.to === null)) return clock
  const pauses = clock.pauses.map((pause) =>
    pause.reason === reason && pause.to === null ? { ...pause, to: Math.max(at, pause.from) } : pause,
  )
  return timed({ ...clock, pauses }, hoursOf)
}

/** Ends a clock: kept or missed by whether its time had run out, or cancelled. One that has ended stays as it is. */
export function endClock(clock: SlaClock, at: number, how: 'kept' | 'cancelled'): SlaClock {
  if (clock.endedAt !== null) return clock
  const late = clock.breachedAt !== null || (clock.dueAt !== null && clock.dueAt < at)
  const pauses = clock.pauses.map((pause) => (pause.to === null ? { ...pause, to: Math.max(at, pause.from) } : pause))
  return { ...clock, pauses, endedAt: at, outcome: how === 'cancelled' ? 'cancelled' : late ? 'missed' : 'met' }
}

/**
 * Puts a running clock on new terms (the policy, its calendar or the priority has changed), keeping its beginning and its pauses.
 * A breach that has been told stays; a warning is told again only for a deadline that has moved into the future.
 */
export function retimeClock(clock: SlaClock, terms: ClockTerms, now: number, hoursOf: HoursOf): SlaClock {
  if (clock.endedAt !== null) return clock
  const { policyId, time, calendarId, targetMs, warnBeforeMs } = terms
  const next = timed({ ...clock, policyId, time, calendarId, targetMs, warnBeforeMs }, hoursOf)
  const warnsAnew = next.warnAt !== null && next.warnAt > now && next.warnAt !== clock.warnAt
  return warnsAnew ? { ...next, warnedAt: null } : next
}

/** What has come due and has not been told: the warning, the breach, or both; told in this order. */
export function dueOf(clock: SlaClock, now: number): readonly ('warning' | 'breach')[] {
  if (clock.endedAt !== null) return []
  const due: ('warning' | 'breach')[] = []
  if (clock.warnAt !== null && clock.warnAt <= now && clock.warnedAt === null && clock.breachedAt === null) due.push('warning')
  if (clock.dueAt !== null && clock.dueAt <= now && clock.breachedAt === null) due.push('breach')
  return due
}

/** The time a clock has run, pauses taken out, in the kind of time it counts. */
export function ranMs(clock: SlaClock, now: number, hoursOf: HoursOf): number {
  const until = clock.endedAt ?? now
  return runsOf(clock).reduce((sum, { from, to }) => sum + passed(clock, from, Math.min(to ?? until, until), hoursOf), 0)
}

function timed(clock: SlaClock, hoursOf: HoursOf): SlaClock {
  const { targetMs, warnBeforeMs } = clock
  const dueAt = instantOf(clock, targetMs, hoursOf)
  const warnAt = warnBeforeMs === null ? null : instantOf(clock, Math.max(0, targetMs - warnBeforeMs), hoursOf)
  return { ...clock, dueAt, warnAt }
}

/** When a clock has run so long; null while a pause or a calendar that never opens keeps it from getting there. */
function instantOf(clock: SlaClock, runMs: number, hoursOf: HoursOf): number | null {
  let left = runMs
  for (const { from, to } of runsOf(clock)) {
    if (to === null) return later(clock, from, left, hoursOf)
    const ran = passed(clock, from, to, hoursOf)
    if (ran >= left) return later(clock, from, left, hoursOf)
    left -= ran
  }
  return null
}

/** The stretches in which it runs; the last is open where nothing holds it. */
function runsOf({ startedAt, pauses }: SlaClock): readonly { readonly from: number; readonly to: number | null }[] {
  const runs: { from: number; to: number | null }[] = []
  let from: number | null = startedAt
  for (const pause of pauses.toSorted((a, b) => a.from - b.from)) {
    if (from === null) break
    if (pause.from > from) runs.push({ from, to: pause.from })
    from = endAfter(pause, from)
  }
  if (from !== null) runs.push({ from, to: null })
  return runs
}

function endAfter(pause: SlaPause, from: number): number | null {
  return pause.to === null ? null : Math.max(from, pause.to)
}

function later(clock: SlaClock, from: number, runMs: number, hoursOf: HoursOf): number | null {
  const hours = workingHoursOf(clock, hoursOf)
  return hours === undefined ? from + runMs : addWorkTime(hours, from, runMs)
}

function passed(clock: SlaClock, from: number, to: number, hoursOf: HoursOf): number {
  const hours = workingHoursOf(clock, hoursOf)
  return hours === undefined ? Math.max(0, to - from) : workTimeBetween(hours, from, to)
}

function workingHoursOf({ time, calendarId }: SlaClock, hoursOf: HoursOf): OpenHours | undefined {
  return time === 'working' && calendarId !== null ? hoursOf(calendarId) : undefined
}
