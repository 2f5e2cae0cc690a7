import { z } from 'zod'
import { channelIdSchema, idSchema, instantSchema, localeSchema } from './words.ts'

/** A skill asked for, and when it may be dropped. */
export const skillNeedSchema = z.object({
  skillId: idSchema,
  minLevel: z.number().int().min(1).max(5),
  /** Place in the order in which needs may be dropped (1 = first); null = only a step that names the skill drops it. */
  dropOrder: z.number().int().min(1).max(9).nullable().optional(),
})
export type SkillNeed = z.infer<typeof skillNeedSchema>

/** A step of relaxation: after so long in the queue, drop skills or the language, lower levels, let further groups in. Steps add up. */
export const ringStepSchema = z.object({
  afterMs: z.number().int().min(0).max(86_400_000),
  dropSkills: z.array(idSchema).max(40).default([]),
  lowerLevelBy: z.number().int().min(0).max(5).default(0),
  /** Drops every need whose `dropOrder` is at most this; 0 = none. */
  dropThrough: z.number().int().min(0).max(9).default(0),
  dropLanguage: z.boolean().default(false),
  /** Groups that join the members. */
  widenTo: z.array(idSchema).max(40).default([]),
})
export type RingStep = z.infer<typeof ringStepSchema>

/** A sentence in several languages; the one of the customer is told, else English, else any there is. */
export const localizedTextSchema = z.partialRecord(localeSchema, z.string().trim().min(1).max(1_000))
export type LocalizedText = z.infer<typeof localizedTextSchema>

/** What may be done with somebody for whom the queue is no answer now. */
export const queueActionSchema = z.discriminatedUnion('kind', [
  /** Goes to another queue, with its age. */
  z.object({ kind: z.literal('queue'), queueId: idSchema }),
  /** The customer is told something and goes on waiting. */
  z.object({ kind: z.literal('message'), text: localizedTextSchema }),
  /** The customer is told something, and the conversation ends. */
  z.object({ kind: z.literal('close'), text: localizedTextSchema }),
  /** A call is answered by the machine; on other channels the customer is asked for a message. */
  z.object({ kind: z.literal('voicemail') }),
  /** The customer is offered to be called back, keeping the place. */
  z.object({ kind: z.literal('callback') }),
  /** The customer is given a form to fill in. */
  z.object({ kind: z.literal('form') }),
  z.object({ kind: z.literal('raise_priority'), by: z.number().int().min(1).max(9) }),
])
export type QueueAction = z.infer<typeof queueActionSchema>

/** Why a queue does not simply take somebody in. */
export const admissionReasonSchema = z.enum(['closed', 'nobody_on_duty', 'queue_full', 'wait_too_long', 'too_many_per_agent'])
export type AdmissionReason = z.infer<typeof admissionReasonSchema>

/** Whom a queue takes in, checked once on entry; a limit left null does not apply. */
export const admissionSettingsSchema = z.object({
  maxWaiting: z.number().int().min(0).max(100_000).nullable().default(null),
  /** Expected wait at most. */
  maxExpectedWaitMs: z.number().int().min(0).max(86_400_000).nullable().default(null),
  maxWaitingPerAgent: z.number().min(0).max(1_000).nullable().default(null),
  /** What is done for each reason; without an answer the item waits all the same. */
  answers: z.partialRecord(admissionReasonSchema, queueActionSchema).default({}),
})
export type AdmissionSettings = z.infer<typeof admissionSettingsSchema>

/** What is done with an item that has waited so long in the queue; each step once. */
export const waitingStepSchema = z.object({ afterMs: z.number().int().min(1_000).max(604_800_000), action: queueActionSchema })
export type WaitingStep = z.infer<typeof waitingStepSchema>

/** How callbacks of a queue are dialled. */
export const callbackSettingsSchema = z.object({
  enabled: z.boolean().default(false),
  /** Tries at most; busy and voicemail count. */
  maxTries: z.number().int().min(1).max(10).default(3),
  /** Least time between two tries. */
  minGapMs: z.number().int().min(60_000).max(86_400_000).default(900_000),
})
export type CallbackSettings = z.infer<typeof callbackSettingsSchema>

/** What waiting customers are told, in their channel's manner. */
export const announceSettingsSchema = z.object({
  position: z.boolean().default(true),
  expectedWait: z.boolean().default(true),
  /** At most once in this time, and only news. */
  everyMs: z.number().int().min(5_000).max(3_600_000).default(60_000),
})
export type AnnounceSettings = z.infer<typeof announceSettingsSchema>

/** The rules of a queue. */
export const queueSettingsSchema = z.object({
  /** 0–9; raised by rules, tier and SLA. */
  priority: z.number().int().min(0).max(9).default(5),
  order: z.enum(['oldest', 'deadline']).default('oldest'),
  /** Added to an item's age when it is compared with others; may be negative. */
  ageOffsetMs: z.number().int().default(0),
  /** `deadline` order: an item is as old as one created this long before its deadline. */
  deadlineLeadMs: z.number().int().min(0).max(86_400_000).default(600_000),
  selection: z.enum(['longest_idle', 'least_loaded', 'best_skill', 'round_robin']).default('longest_idle'),
  /** Becomes visible to its members only after this wait. */
  delayMs: z.number().int().min(0).default(0),
  /** Groups that serve the queue beside its members, each after a wait of its own. */
  groups: z
    .array(z.object({ groupId: idSchema, delayMs: z.number().int().min(0).max(86_400_000).default(0) }))
    .max(40)
    .default([]),
  rings: z.array(ringStepSchema).max(6).default([]),
  requiredSkills: z.array(skillNeedSchema).max(20).default([]),
  /** Only agents who speak the customer's language, where it is known. */
  matchLanguage: z.boolean().default(false),
  /** Time to accept, by channel; what is missing takes the defaults. */
  offerMs: z.partialRecord(channelIdSchema, z.number().int().min(1_000).max(86_400_000)).default({}),
  /** Agents an item may ring at once. */
  ringAgents: z.number().int().min(1).max(10).default(1),
  /** After this wait, the agent whose hands alone keep an item waiting gets nothing that prolongs it. */
  drainAfterMs: z.number().int().min(0).max(3_600_000).default(20_000),
  /** Who is asked first when a contact comes back, and for how long; only while they are available. */
  sticky: z
    .object({
      to: z.enum(['none', 'last_agent', 'owner']).default('last_agent'),
      forMs: z.number().int().min(0).max(86_400_000).default(120_000),
    })
    .default({ to: 'last_agent', forMs: 120_000 }),
  /** How long somebody who declined or let it expire is passed over. */
  avoidMs: z.number().int().min(0).max(3_600_000).default(120_000),
  declineReasons: z.array(z.string().trim().min(1).max(60)).max(30).default([]),
  declineReasonRequired: z.boolean().default(false),
  wrapUpMs: z.number().int().min(0).max(3_600_000).default(120_000),
  dispositions: z.array(z.string().min(1).max(60)).max(50).default([]),
  dispositionRequired: z.boolean().default(false),
  /** Target for the first human answer where no SLA policy matches; null = none. */
  firstResponseMs: z.number().int().min(1_000).nullable().default(null),
  /** Answered within this counts for the service level. */
  serviceLevelMs: z.number().int().min(1_000).max(86_400_000).default(20_000),
  /** Given up within this is no abandonment. */
  shortAbandonMs: z.number().int().min(0).max(600_000).default(5_000),
  /** When it is open; null = always. */
  calendarId: idSchema.nullable().default(null),
  admission: admissionSettingsSchema.default({ maxWaiting: null, maxExpectedWaitMs: null, maxWaitingPerAgent: null, answers: {} }),
  /** What is done while an item waits, by its time in the queue. */
  whileWaiting: z.array(waitingStepSchema).max(6).default([]),
  /** What is done with those who still wait when the hours close; null = they go on waiting. */
  onClosing: queueActionSchema.nullable().default(null),
  /** What is done with those who wait when the last agent leaves; null = they go on waiting. */
  onEmptied: queueActionSchema.nullable().default(null),
  callback: callbackSettingsSchema.default({ enabled: false, maxTries: 3, minGapMs: 900_000 }),
  announce: announceSettingsSchema.default({ position: true, expectedWait: true, everyMs: 60_000 }),
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

/** Where somebody stands in a queue and how long it may take; the same for agents, customers and reports. */
export const waitEstimateSchema = z
  .object({
    /** 1 = next. */
    position: z.number().int(),
    /** Items waiting in all. */
    size: z.number().int(),
    /** The middle of it; null where nothing was answered lately. */
    expectedMs: z.number().int().nullable(),
    /** Of ten like it, eight wait between these. */
    spreadMs: z.object({ from: z.number().int(), to: z.number().int() }).nullable(),
    class: z.enum(['soon', 'm2', 'm5', 'm10', 'm20', 'm30', 'm60', 'long', 'unknown']),
  })
  .meta({ id: 'WaitEstimate' })
