import { IANAZone } from 'luxon'
import type { CalendarDay, CalendarSettings, Closure, OpenRange } from '../../wire/calendars.ts'
import { weekdaySchema } from '../../wire/calendars.ts'
import { dayAt, dayMs, dayNumber, instantAt, weekdayOf } from './zone-time.ts'

/** A stretch of open time, epoch milliseconds; `to` is no longer in it. */
export interface OpenSpan {
  readonly from: number
  readonly to: number
}

/** A little over a year: no span is longer, and a calendar without open time for so long counts as never open again. */
export const horizonMs = 370 * dayMs

const weekdays = weekdaySchema.options

/** A calendar's open time, worked out day by day as it is asked for. */
export class OpenHours {
  readonly settings: CalendarSettings
  readonly zone: IANAZone
  readonly #special: ReadonlyMap<number, CalendarDay>
  readonly #made = new Map<number, readonly OpenSpan[]>()

  /** The zone must be one that `isZone` knows; one that is not counts as UTC, for the configuration check refuses it. */
  constructor(settings: CalendarSettings) {
    const zone = IANAZone.create(settings.zone)
    this.settings = settings
    this.zone = zone.isValid ? zone : IANAZone.create('UTC')
    this.#special = new Map(settings.days.map((day) => [dayNumber(day.date), day]))
  }

  /** The day that is not as its weekday is, where `at` falls on one. */
  specialDayAt(at: number): CalendarDay | undefined {
    return this.#special.get(dayAt(this.zone, at))
  }

  /** The closure in force at an instant. */
  closureAt(at: number): Closure | undefined {
    return this.settings.closures.find(({ since, until }) => since <= at && (until === null || at < until))
  }

  /**
   * Open time from an instant on, in order, without overlaps, the first span cut at `from`. Ends where nothing opens within
   * `horizonMs`; open time without a break comes in spans of about that length.
   */
  *spansFrom(from: number): Generator<OpenSpan, void> {
    let pending: OpenSpan | undefined
    let lastOpen = from
    // A range that crosses midnight belongs to the day before.
    for (let day = dayAt(this.zone, from) - 1; day * dayMs <= lastOpen + horizonMs; day++) {
      for (const span of this.#spansOf(day)) {
        if (span.to <= from) continue
        lastOpen = span.to
        if (pending !== undefined && span.from <= pending.to && span.to - pending.from < horizonMs) {
          pending = { from: pending.from, to: Math.max(pending.to, span.to) }
          continue
        }
        if (pending !== undefined) yield pending
        pending = { from: Math.max(span.from, pending?.to ?? from, from), to: span.to }
      }
      // What comes next begins on a later day at the earliest, and may only prolong what reaches to its beginning.
      if (pending !== undefined && pending.to < instantAt(this.zone, day + 1, 0)) {
        yield pending
        pending = undefined
      }
    }
    if (pending !== undefined) yield pending
  }

  #spansOf(day: number): readonly OpenSpan[] {
    let spans = this.#made.get(day)
    if (spans === undefined) {
      const hours = this.#rangesOf(day).map((range) => this.#spanOf(day, range))
      const open = hours.flatMap((span) => withoutClosures(span, this.settings.closures)).filter(({ from, to }) => from < to)
      spans = open.toSorted((a, b) => a.from - b.from)
      this.#made.set(day, spans)
    }
    return spans
  }

  #rangesOf(day: number): readonly OpenRange[] {
    const special = this.#special.get(day)
    if (special === undefined) return this.settings.week[weekdays[weekdayOf(day)] ?? 'mon']
    if (special.kind === 'holiday' || special.ranges.length > 0) return special.ranges
    return this.settings.week[special.as ?? 'mon']
  }

  #spanOf(day: number, range: OpenRange): OpenSpan {
    const from = minutesOf(range.from)
    const to = minutesOf(range.to)
    return { from: instantAt(this.zone, day, from), to: to > from ? instantAt(this.zone, day, to) : instantAt(this.zone, day + 1, to) }
  }
}

function minutesOf(wallTime: string): number {
  return Number(wallTime.slice(0, 2)) * 60 + Number(wallTime.slice(3))
}

function withoutClosures(span: OpenSpan, closures: readonly Closure[]): readonly OpenSpan[] {
  let left: readonly OpenSpan[] = [span]
  for (const { since, until } of closures) {
    const end = until ?? Number.POSITIVE_INFINITY
    left = left.flatMap(({ from, to }) => {
      if (end <= from || since >= to) return [{ from, to }]
      return [
        { from, to: since },
        { from: end, to },
      ].filter((part) => part.from < part.to)
    })
  }
  return left
}
