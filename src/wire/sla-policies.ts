import { z } from 'zod'
import { conditionSchema } from './conditions.ts'
import { idSchema, instantSchema } from './words.ts'

/**
 * What is promised. `first_response`: the first human answer to the first customer message. `next_response`: an answer to the
 * oldest customer message nobody has answered. `resolution`: the end of it.
 */
export const slaTargetSchema = z.enum(['first_response', 'next_response', 'resolution'])
export type SlaTarget = z.infer<typeof slaTargetSchema>

/** Time for a target, by priority; a priority that is not named has the time of the nearest one below it, else `ms`. */
export const targetTimeSchema = z.object({
  ms: z.number().int().min(1_000).max(31_536_000_000),
  byPriority: z
    .partialRecord(z.enum(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']), z.number().int().min(1_000).max(31_536_000_000))
    .default({}),
})
export type TargetTime = z.infer<typeof targetTimeSchema>

/** What stops a clock while it lasts. */
export const pauseReasonSchema = z.enum(['snoozed', 'awaiting_customer'])
export type PauseReason = z.infer<typeof pauseReasonSchema>

export const slaSettingsSchema = z.object({
  when: conditionSchema,
  targets: z.partialRecord(slaTargetSchema, targetTimeSchema),
  /** `working` time passes only while the calendar is open; `wall` time always. */
  time: z.enum(['working', 'wall']).default('wall'),
  /** Needed for working time. */
  calendarId: idSchema.nullable().default(null),
  /** Told this long before a deadline, in the same kind of time; null = no warning. */
  warnBeforeMs: z.number().int().min(1_000).max(2_592_000_000).nullable().default(null),
  /** What does not stop the resolution clock goes on counting. Response clocks run only while an answer is owed. */
  pauseWhile: z.array(pauseReasonSchema).max(2).default(['snoozed', 'awaiting_customer']),
  /** Raises the priority by so much. */
  raisePriority: z
    .object({ onWarning: z.number().int().min(0).max(9).default(0), onBreach: z.number().int().min(0).max(9).default(0) })
    .default({ onWarning: 0, onBreach: 0 }),
})
export type SlaSettings = z.infer<typeof slaSettingsSchema>

/** Policies match from the top; the first whose condition holds counts. */
export const slaPolicySchema = z
  .object({
    id: idSchema,
    name: z.string(),
    enabled: z.boolean(),
    /** Ascending. */
    position: z.number().int(),
    settings: slaSettingsSchema,
    updatedAt: instantSchema,
  })
  .meta({ id: 'SlaPolicy' })
export type SlaPolicy = z.infer<typeof slaPolicySchema>

export const slaPolicyInputSchema = z.object({
  name: z.string().trim().min(1).max(80),
  enabled: z.boolean().default(true),
  settings: slaSettingsSchema.refine(({ time, calendarId }) => time === 'wall' || calendarId !== null, {
    message: 'Working time needs a calendar.',
    path: ['calendarId'],
  }),
})
export type SlaPolicyInput = z.infer<typeof slaPolicyInputSchema>

/** A stretch in which a clock stood still. */
export const slaPauseSchema = z.object({ reason: pauseReasonSchema, from: instantSchema, to: instantSchema.nullable() })
export type SlaPause = z.infer<typeof slaPauseSchema>

/** One promise about one conversation, running or settled. */
export const slaClockSchema = z
  .object({
    target: slaTargetSchema,
    policyId: idSchema.nullable(),
    startedAt: instantSchema,
    /** Null while it is paused. */
    dueAt: instantSchema.nullable(),
    warnAt: instantSchema.nullable(),
    warnedAt: instantSchema.nullable(),
    breachedAt: instantSchema.nullable(),
    /** When it was kept, or came to an end otherwise. */
    endedAt: instantSchema.nullable(),
    outcome: z.enum(['met', 'missed', 'cancelled']).nullable(),
    pauses: z.array(slaPauseSchema),
  })
  .meta({ id: 'SlaClock' })
export type SlaClockState = z.infer<typeof slaClockSchema>
