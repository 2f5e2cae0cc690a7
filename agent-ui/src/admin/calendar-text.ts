import { type CalendarDay, calendarDaySchema, type OpenRange, openRangeSchema, weekdaySchema } from '../../../src/wire/calendars.ts'

/** Hours as a person writes them: `09:00-12:00, 13:00-18:00`. */
export function rangesToText(ranges: readonly OpenRange[]): string {
  return ranges.map(({ from, to }) => `${from}-${to}`).join(', ')
}

/** The hours a text says; null when it is not understood. */
export function rangesFromText(text: string): OpenRange[] | null {
  const ranges: OpenRange[] = []
  for (const part of text.split(/[,、;；]/).map((p) => p.trim())) {
    if (part === '') continue
    const [from = '', to = ''] = part.split(/\s*[-–~〜]\s*/)
    const range = openRangeSchema.safeParse({ from: padded(from), to: padded(to) })
    if (!range.success) return null
    ranges.push(range.data)
  }
  return ranges
}

/** Days that differ, one a line: `2026-01-01 holiday New Year`, `2026-02-07 workday mon`, hours after the kind where it has its own. */
export function daysToText(days: readonly CalendarDay[]): string {
  return days
    .toSorted((a, b) => (a.date < b.date ? -1 : 1))
    .map(({ date, kind, ranges, as, name }) =>
      [date, kind, as ?? '', rangesToText(ranges).replaceAll(' ', ''), name].filter((w) => w !== '').join(' '),
    )
    .join('\n')
}

/** The days a text says; the number of the first line that is not understood, from 1. */
export function daysFromText(text: string): CalendarDay[] | number {
  const days: CalendarDay[] = []
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const day = dayOf(line.trim())
    if (day === null) return i + 1
    days.push(day)
  }
  return days
}

function dayOf(line: string): CalendarDay | null {
  const [date, kind, ...rest] = line.split(/\s+/)
  const as = weekdaySchema.safeParse(rest[0])
  if (as.success) rest.shift()
  const ranges = /^\d?\d:/.test(rest[0] ?? '') ? rangesFromText(rest.shift() ?? '') : []
  const day = calendarDaySchema.safeParse({ date, kind, ranges, name: rest.join(' '), ...(as.success ? { as: as.data } : {}) })
  return day.success ? day.data : null
}

function padded(time: string): string {
  return /^\d:/.test(time) ? `0${time}` : time
}
