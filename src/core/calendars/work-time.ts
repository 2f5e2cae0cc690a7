import type { OpenState } from '../../wire/calendars.ts'
import { horizonMs, type OpenHours } from './open-hours.ts'
import { dayMs } from './zone-time.ts'

/** Whether it is open at an instant. */
export function isOpenAt(hours: OpenHours, at: number): boolean {
  return firstSpan(hours, at)?.from === at
}

/** Whether it is open, why not, and when that changes. */
export function openStateAt(hours: OpenHours, at: number): OpenState {
  const span = firstSpan(hours, at)
  if (span?.from === at) return { open: true, changesAt: span.to - at < horizonMs - dayMs ? span.to : null, because: null, name: null }
  const closure = hours.closureAt(at)
  const special = hours.specialDayAt(at)
  const changesAt = span?.from ?? null
  if (closure !== undefined) return { open: false, changesAt, because: 'closure', name: closure.reason }
  if (special?.kind === 'holiday') return { open: false, changesAt, because: 'holiday', name: special.name }
  return { open: false, changesAt, because: 'hours', name: null }
}

/**
 * Moves an instant forward by open time only.
 * @param workMs open time to consume, ≥ 0; 0 gives `start` itself, even outside the hours.
 * @returns the instant at which it is used up, or null when the calendar does not open for more than a year before that.
 */
export function addWorkTime(hours: OpenHours, start: number, workMs: number): number | null {
  if (workMs <= 0) return start
  let left = workMs
  for (const { from, to } of hours.spansFrom(start)) {
    if (to - from >= left) return from + left
    left -= to - from
  }
  return null
}

/** Open time between two instants, in milliseconds; 0 when `to` is not after `from`. */
export function workTimeBetween(hours: OpenHours, from: number, to: number): number {
  let sum = 0
  if (to <= from) return 0
  for (const span of hours.spansFrom(from)) {
    if (span.from >= to) break
    sum += Math.min(span.to, to) - span.from
  }
  return sum
}

/** Whether it opens within a year of an instant. */
export function everOpens(hours: OpenHours, after: number): boolean {
  return firstSpan(hours, after) !== undefined
}

function firstSpan(hours: OpenHours, at: number) {
  for (const span of hours.spansFrom(at)) return span
  return undefined
}
