import { z } from 'zod'
import { localizedTextSchema } from './queues.ts'
import { idSchema, instantSchema } from './words.ts'

/** `HH:MM` on a 24-hour clock; `24:00` is the end of the day. */
export const wallTimeSchema = z
  .string()
  .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'A time has the form 08:30; the end of the day is 24:00.')

/** A day of a calendar, `YYYY-MM-DD`. */
export const isoDateSchema = z.iso.date('A date has the form 2026-02-28.')

/**
 * Opening hours within one day, from inclusive, to exclusive. Where `to` is not after `from`, it is of the next day
 * (22:00–06:00); the whole range belongs to the day on which it begins.
 */
export const openRangeSchema = z
  .object({ from: wallTimeSchema, to: wallTimeSchema })
  .refine(({ from, to }) => from !== to && from !== '24:00', {
    message: 'A range needs a beginning and an end that differ; the whole day is 00:00 to 24:00.',
  })
export type OpenRange = z.infer<typeof openRangeSchema>

/** The days of a week, Monday first, as ISO 8601 counts them. */
export const weekdaySchema = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])
export type Weekday = z.infer<typeof weekdaySchema>

/** A day that is not as its weekday is. */
export const calendarDaySchema = z.object({
  date: isoDateSchema,
  /** `holiday` has no hours but those given; `workday` without hours works as the weekday in `as`. */
  kind: z.enum(['holiday', 'workday']),
  name: z.string().trim().max(120).default(''),
  /** Hours of this very day; empty on a holiday = closed. */
  ranges: z.array(openRangeSchema).max(8).default([]),
  /** Make-up workday: whose hours it has when none are given; Monday when left out. */
  as: weekdaySchema.optional(),
})
export type CalendarDay = z.infer<typeof calendarDaySchema>

/** Closed at a stroke (a typhoon), whatever the hours say. */
export const closureSchema = z.object({
  since: instantSchema,
  /** Null = until somebody opens again. */
  until: instantSchema.nullable(),
  reason: z.string().trim().max(200),
  /** What waiting customers are told. */
  text: localizedTextSchema.default({}),
})
export type Closure = z.infer<typeof closureSchema>

const weekHoursSchema = z.array(openRangeSchema).max(8).default([])

/** When a place works: its week, the days that differ, and a closure in force. */
export const calendarSettingsSchema = z.object({
  /** IANA name, as `Asia/Taipei`. */
  zone: z.string().min(1).max(64),
  week: z.object({
    mon: weekHoursSchema,
    tue: weekHoursSchema,
    wed: weekHoursSchema,
    thu: weekHoursSchema,
    fri: weekHoursSchema,
    sat: weekHoursSchema,
    sun: weekHoursSchema,
  }),
  days: z.array(calendarDaySchema).max(1_000).default([]),
  /** Closures past, in force and to come. A passed one is kept while open clocks may have begun before it. */
  closures: z.array(closureSchema).max(100).default([]),
})
export type CalendarSettings = z.infer<typeof calendarSettingsSchema>

export const calendarSchema = z
  .object({ id: idSchema, name: z.string(), settings: calendarSettingsSchema, updatedAt: instantSchema })
  .meta({ id: 'Calendar' })
export type Calendar = z.infer<typeof calendarSchema>

export const calendarInputSchema = z.object({ name: z.string().trim().min(1).max(80), settings: calendarSettingsSchema })
export type CalendarInput = z.infer<typeof calendarInputSchema>

/** Whether a calendar is open, and when that changes. */
export const openStateSchema = z
  .object({
    open: z.boolean(),
    /** Next opening (closed) or closing (open); null = not within a year. */
    changesAt: instantSchema.nullable(),
    /** What makes it closed: outside the hours, a holiday, or a closure. */
    because: z.enum(['hours', 'holiday', 'closure']).nullable(),
    /** The holiday's or closure's name. */
    name: z.string().nullable(),
  })
  .meta({ id: 'OpenState' })
export type OpenState = z.infer<typeof openStateSchema>
