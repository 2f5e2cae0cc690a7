import { z } from 'zod'
import { channelIdSchema, idSchema, instantSchema } from './words.ts'

/** A step of relaxation: after so long in the queue, drop skills or lower levels. */
export const ringStepSchema = z.object({
  afterMs: z.number().int().min(0),
  dropSkills: z.array(idSchema).default([]),
  lowerLevelBy: z.number().int().min(0).max(5).default(0),
})
export type RingStep = z.infer<typeof ringStepSchema>

/** The rules of a queue. */
export const queueSettingsSchema = z.object({
  /** 0–9; raised by rules, tier and SLA. */
  priority: z.number().int().min(0).max(9).default(5),
  order: z.enum(['oldest', 'deadline']).default('oldest'),
  /** Added to an item's age when it is compared with others; may be negative. */
  ageOffsetMs: z.number().int().default(0),
  selection: z.enum(['longest_idle', 'least_loaded', 'best_skill', 'round_robin']).default('longest_idle'),
  /** Becomes visible to its members only after this wait. */
  delayMs: z.number().int().min(0).default(0),
  rings: z.array(ringStepSchema).max(6).default([]),
  requiredSkills: z.array(z.object({ skillId: idSchema, minLevel: z.number().int().min(1).max(5) })).default([]),
  /** Time to accept, by channel; what is missing takes the defaults. */
  offerMs: z.partialRecord(channelIdSchema, z.number().int().min(1_000).max(86_400_000)).default({}),
  wrapUpMs: z.number().int().min(0).max(3_600_000).default(120_000),
  dispositions: z.array(z.string().min(1).max(60)).max(50).default([]),
  dispositionRequired: z.boolean().default(false),
  /** Target for the first human answer; null = none. */
  firstResponseMs: z.number().int().min(1_000).nullable().default(null),
})
export type QueueSettings = z.infer<typeof queueSettingsSchema>

export const queueSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    enabled: z.boolean(),
    settings: queueSettingsSchema,
    memberIds: z.array(idSchema),
  })
  .meta({ id: 'Queue' })
export type Queue = z.infer<typeof queueSchema>

/** What is in a queue now; `asOf` is when it was true. */
export const queueStatsSchema = z
  .object({
    queueId: idSchema,
    waiting: z.number().int(),
    waitingByChannel: z.partialRecord(channelIdSchema, z.number().int()),
    /** The oldest waiting item's first unanswered contact. */
    oldestWaitingSince: instantSchema.nullable(),
    active: z.number().int(),
    asOf: instantSchema,
  })
  .meta({ id: 'QueueStats' })
export type QueueStats = z.infer<typeof queueStatsSchema>

export const queueInputSchema = z.object({
  name: z.string().trim().min(1).max(80),
  enabled: z.boolean().default(true),
  settings: queueSettingsSchema,
  memberIds: z.array(idSchema).max(2000).default([]),
})
export type QueueInput = z.infer<typeof queueInputSchema>
