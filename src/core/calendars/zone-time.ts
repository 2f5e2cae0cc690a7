import { IANAZone } from 'luxon'

/** Milliseconds of a calendar day without a change of clocks. */
export const dayMs = 86_400_000
const minuteMs = 60_000

/** Whether a name is a time zone this machine knows. */
export function isZone(name: string): boolean {
  return IANAZone.isValidZone(name)
}

/** A day as its number: whole days since 1970-01-01, whatever the zone. */
export function dayNumber(isoDate: string): number {
  return Date.parse(`${isoDate}T00:00:00Z`) / dayMs
}

/** The inverse of `dayNumber`, `YYYY-MM-DD`. */
export function isoDateOf(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}

/** 0 = Monday … 6 = Sunday. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7
}

/** The day it is in a zone at an instant. */
export function dayAt(zone: IANAZone, at: number): number {
  return Math.floor((at + offsetMs(zone, at)) / dayMs)
}

/**
 * The instant at which clocks in the zone show so many minutes after the day's midnight. A time shown twice (clocks go back)
 * is its first; one never shown (clocks go forward) is the moment of the change, so that what lies in the gap takes no time.
 */
export function instantAt(zone: IANAZone, day: number, minutes: number): number {
  const wall = day * dayMs + minutes * minuteMs
  const candidates = [wall - offsetMs(zone, wall - dayMs), wall - offsetMs(zone, wall + dayMs)] as const
  const shown = candidates.filter((instant) => instant + offsetMs(zone, instant) === wall)
  return shown.length > 0 ? Math.min(...shown) : changeBetween(zone, Math.min(...candidates), Math.max(...candidates))
}

/** The first instant after `before` with the offset of `after`. */
function changeBetween(zone: IANAZone, before: number, after: number): number {
  const target = offsetMs(zone, after)
  let low = before
  let high = after
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetMs(zone, middle) === target) high = middle
    else low = middle
  }
  return high
}

function offsetMs(zone: IANAZone, at: number): number {
  return Math.round(zone.offset(at) * minuteMs)
}
