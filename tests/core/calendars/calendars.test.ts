import fc from 'fast-check'
import { DateTime } from 'luxon'
import { describe, expect, test } from 'vitest'
import { OpenHours } from '../../../src/core/calendars/open-hours.ts'
import { addWorkTime, everOpens, isOpenAt, openStateAt, workTimeBetween } from '../../../src/core/calendars/work-time.ts'
import { dayNumber, instantAt, isoDateOf, weekdayOf } from '../../../src/core/calendars/zone-time.ts'
import { type CalendarSettings, calendarInputSchema, calendarSettingsSchema } from '../../../src/wire/calendars.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const office = [
  { from: '09:00', to: '12:00' },
  { from: '13:00', to: '18:00' },
]
const week = { mon: office, tue: office, wed: office, thu: office, fri: office, sat: [], sun: [] }
const calendar = (said: Partial<CalendarSettings> = {}): OpenHours =>
  new OpenHours(calendarSettingsSchema.parse({ zone: 'Asia/Taipei', week, ...said }))
const at = (text: string, zone = 'Asia/Taipei'): number => DateTime.fromISO(text, { zone }).toMillis()

describe('§8 Calendars', () => {
  test('several ranges a day with a lunch break; the end is no longer open', () => {
    const hours = calendar()
    const opened = [
      '2026-03-02T08:59:59',
      '2026-03-02T09:00',
      '2026-03-02T12:00',
      '2026-03-02T12:59',
      '2026-03-02T17:59',
      '2026-03-02T18:00',
    ]
    expect(opened.map((text) => isOpenAt(hours, at(text)))).toEqual([false, true, false, false, true, false])
    expect(openStateAt(hours, at('2026-03-02T12:30'))).toEqual({
      open: false,
      changesAt: at('2026-03-02T13:00'),
      because: 'hours',
      name: null,
    })
    expect(openStateAt(hours, at('2026-03-06T17:00'))).toMatchObject({ open: true, changesAt: at('2026-03-06T18:00') })
    expect(openStateAt(hours, at('2026-03-06T18:00'))).toMatchObject({ open: false, changesAt: at('2026-03-09T09:00') })
  })

  test('a holiday is closed, or has hours of its own', () => {
    const hours = calendar({
      days: [
        { date: '2026-02-27', kind: 'holiday', name: 'Peace Memorial Day', ranges: [] },
        { date: '2026-02-16', kind: 'holiday', name: 'New Year’s Eve', ranges: [{ from: '09:00', to: '10:00' }] },
      ],
    })
    expect(openStateAt(hours, at('2026-02-27T10:00'))).toEqual({
      open: false,
      changesAt: at('2026-03-02T09:00'),
      because: 'holiday',
      name: 'Peace Memorial Day',
    })
    expect(isOpenAt(hours, at('2026-02-16T09:30'))).toBe(true)
    expect(isOpenAt(hours, at('2026-02-16T10:30'))).toBe(false)
  })

  test('a make-up workday has the hours of the weekday it stands for, or its own', () => {
    const short = { ...week, fri: [{ from: '10:00', to: '11:00' }] }
    const days = [{ date: '2026-02-07', kind: 'workday' as const, name: 'make-up', ranges: [] }]
    expect(isOpenAt(calendar({ days }), at('2026-02-07T17:00'))).toBe(true)
    expect(isOpenAt(calendar(), at('2026-02-07T17:00'))).toBe(false)
    expect(
      openStateAt(calendar({ week: short, days: days.map((day) => ({ ...day, as: 'fri' as const })) }), at('2026-02-07T09:00')),
    ).toMatchObject({ changesAt: at('2026-02-07T10:00') })
    const own = days.map((day) => ({ ...day, ranges: [{ from: '08:00', to: '09:00' }] }))
    expect([isOpenAt(calendar({ days: own }), at('2026-02-07T08:30')), isOpenAt(calendar({ days: own }), at('2026-02-07T10:00'))]).toEqual([
      true,
      false,
    ])
  })

  test('an emergency closure closes at once and moves what was to be done', () => {
    const typhoon = { since: at('2026-03-02T14:00'), until: at('2026-03-03T13:00'), reason: 'Typhoon', text: {} }
    const hours = calendar({ closures: [typhoon] })
    expect(openStateAt(hours, at('2026-03-02T15:00'))).toEqual({
      open: false,
      changesAt: at('2026-03-03T13:00'),
      because: 'closure',
      name: 'Typhoon',
    })
    expect(addWorkTime(calendar(), at('2026-03-02T13:30'), hourMs)).toBe(at('2026-03-02T14:30'))
    expect(addWorkTime(hours, at('2026-03-02T13:30'), hourMs)).toBe(at('2026-03-03T13:30'))
    const open = calendar({ closures: [{ ...typhoon, until: null }] })
    expect(openStateAt(open, at('2026-03-02T15:00')).changesAt).toBeNull()
    expect(addWorkTime(open, at('2026-03-02T15:00'), 1)).toBeNull()
  })

  test('hours over midnight belong to the day on which they begin, and meet the next day’s without a seam', () => {
    const night = [{ from: '22:00', to: '06:00' }]
    const none = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] }
    const hours = calendar({ week: { ...none, mon: night, tue: [{ from: '06:00', to: '08:00' }] } })
    expect(openStateAt(hours, at('2026-03-03T02:00'))).toMatchObject({ open: true, changesAt: at('2026-03-03T08:00') })
    expect(workTimeBetween(hours, at('2026-03-02T00:00'), at('2026-03-09T00:00'))).toBe(10 * hourMs)
  })

  test('always open is one span without end; never open says so', () => {
    const day = [{ from: '00:00', to: '24:00' }]
    const always = calendar({ week: { mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day } })
    expect(workTimeBetween(always, at('2026-03-02T00:00'), at('2026-03-05T07:00'))).toBe(79 * hourMs)
    const never = calendar({ week: { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] } })
    expect([everOpens(never, 0), everOpens(always, 0)]).toEqual([false, true])
    expect(openStateAt(never, 0)).toMatchObject({ open: false, changesAt: null })
  })

  test('a range without length and a time that is none are refused', () => {
    const input = (range: object) =>
      calendarInputSchema.safeParse({ name: 'c', settings: { zone: 'UTC', week: { ...week, mon: [range] } } }).success
    expect(
      [
        { from: '09:00', to: '09:00' },
        { from: '24:00', to: '09:00' },
        { from: '25:00', to: '26:00' },
      ].map(input),
    ).toEqual([false, false, false])
  })
})

describe('§8 Day-light saving', () => {
  const zone = 'America/New_York'
  const one = (from: string, to: string) => calendar({ zone, week: { ...week, sun: [{ from, to }] } })

  test('the night clocks go forward has an hour less, the night they go back an hour more', () => {
    const hours = one('00:00', '06:00')
    expect(workTimeBetween(hours, at('2026-03-08T00:00', zone), at('2026-03-08T12:00', zone))).toBe(5 * hourMs)
    expect(workTimeBetween(hours, at('2026-11-01T00:00', zone), at('2026-11-01T12:00', zone))).toBe(7 * hourMs)
  })

  test('what lies in the gap takes no time', () => {
    expect(workTimeBetween(one('02:00', '02:45'), at('2026-03-08T00:00', zone), at('2026-03-08T12:00', zone))).toBe(0)
    expect(workTimeBetween(one('01:30', '02:30'), at('2026-03-08T00:00', zone), at('2026-03-08T12:00', zone))).toBe(30 * minuteMs)
    expect(instantAt(calendar({ zone }).zone, dayNumber('2026-03-08'), 150)).toBe(at('2026-03-08T03:00', zone))
  })

  test('a time shown twice is its first, so that ranges that meet do not overlap', () => {
    const meeting = calendar({
      zone,
      week: {
        ...week,
        sun: [
          { from: '00:00', to: '01:30' },
          { from: '01:30', to: '03:00' },
        ],
      },
    })
    expect(workTimeBetween(meeting, at('2026-11-01T00:00', zone), at('2026-11-01T12:00', zone))).toBe(4 * hourMs)
  })

  test('a deadline over the change of clocks keeps the working hours', () => {
    const hours = calendar({ zone: 'Europe/Berlin' })
    const friday = at('2026-03-27T17:00', 'Europe/Berlin')
    expect(addWorkTime(hours, friday, 2 * hourMs)).toBe(at('2026-03-30T10:00', 'Europe/Berlin'))
  })

  test.each(['Asia/Taipei', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Africa/Casablanca', 'Pacific/Apia'])(
    'in %s clocks show at each instant what was asked, or the change of clocks is there',
    (name) => {
      fc.assert(
        fc.property(fc.integer({ min: 14_600, max: 22_000 }), fc.integer({ min: 0, max: 1_439 }), (day, minutes) => {
          const instant = instantAt(calendar({ zone: name }).zone, day, minutes)
          const shown = DateTime.fromMillis(instant, { zone: name })
          const before = DateTime.fromMillis(instant - 1, { zone: name })
          const exact = shown.toISODate() === isoDateOf(day) && shown.hour * 60 + shown.minute === minutes
          expect(exact || shown.offset !== before.offset).toBe(true)
        }),
        { seed: 8, numRuns: 200 },
      )
    },
  )
})

describe('work time', () => {
  test('adding what lies between leads back: addWorkTime is the inverse of workTimeBetween', () => {
    const hours = calendar({ zone: 'America/New_York', days: [{ date: '2026-03-09', kind: 'holiday', name: '', ranges: [] }] })
    const start = at('2026-03-01T00:00', 'America/New_York')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 * 24 * 60 }), fc.integer({ min: 1, max: 80 * 60 }), (startMinute, workMinutes) => {
        const from = start + startMinute * minuteMs
        const to = addWorkTime(hours, from, workMinutes * minuteMs)
        expect(to).not.toBeNull()
        expect(workTimeBetween(hours, from, to ?? 0)).toBe(workMinutes * minuteMs)
        expect(workTimeBetween(hours, from, (to ?? 0) - 1)).toBe(workMinutes * minuteMs - 1)
      }),
      { seed: 9, numRuns: 200 },
    )
    expect(addWorkTime(hours, start, 0)).toBe(start)
  })

  test('days are numbered from 1970, and the week begins on Monday', () => {
    expect([dayNumber('1970-01-01'), isoDateOf(dayNumber('2026-02-28')), weekdayOf(0), weekdayOf(dayNumber('2026-03-02'))]).toEqual([
      0,
      '2026-02-28',
      3,
      0,
    ])
  })
})
