import { z } from 'zod'
import { calendarSettingsSchema } from './calendars.ts'
import { queueSettingsSchema } from './queues.ts'
import { routingRuleSchema } from './routing-rules.ts'
import { slaPolicySchema } from './sla-policies.ts'
import { channelIdSchema, idSchema, instantSchema } from './words.ts'

const skillLevelSchema = z.object({ skillId: idSchema, level: z.number().int().min(1).max(5) })

/** Everything routing goes by, as one value: what is checked, replayed and kept as a version. */
export const routingConfigurationSchema = z
  .object({
    queues: z.array(
      z.object({ id: idSchema, name: z.string(), enabled: z.boolean(), settings: queueSettingsSchema, memberIds: z.array(idSchema) }),
    ),
    skills: z.array(z.object({ id: idSchema, name: z.string() })),
    groups: z.array(z.object({ id: idSchema, name: z.string(), memberIds: z.array(idSchema) })),
    agents: z.array(
      z.object({
        id: idSchema,
        name: z.string(),
        disabled: z.boolean(),
        skills: z.array(skillLevelSchema),
        languages: z.array(z.string()),
        /** Channels of which they may hold at least one item. */
        channels: z.array(channelIdSchema),
      }),
    ),
    calendars: z.array(z.object({ id: idSchema, name: z.string(), settings: calendarSettingsSchema })),
    policies: z.array(slaPolicySchema.omit({ updatedAt: true })),
    rules: z.array(routingRuleSchema.omit({ updatedAt: true })),
  })
  .meta({ id: 'RoutingConfiguration' })
export type RoutingConfiguration = z.infer<typeof routingConfigurationSchema>

/** What can be wrong with a configuration. */
export const findingCodeSchema = z.enum([
  'unknown_reference',
  'circular_overflow',
  'queue_without_members',
  'queue_disabled_in_use',
  'skill_nobody_has',
  'nobody_matches',
  'language_nobody_speaks',
  'calendar_never_open',
  'unknown_zone',
  'ring_without_effect',
  'rings_out_of_order',
  'rule_never_reached',
  'rule_without_effect',
  'policy_never_reached',
  'admission_without_effect',
  'callback_without_phone',
])
export type FindingCode = z.infer<typeof findingCodeSchema>

/** Something a configuration check found. `refused`: not to be saved. `warning`: saved, and shown. */
export const findingSchema = z
  .object({
    severity: z.enum(['refused', 'warning']),
    code: findingCodeSchema,
    /** What it is about. */
    about: z.object({ kind: z.enum(['queue', 'skill', 'group', 'agent', 'calendar', 'policy', 'rule']), id: idSchema, name: z.string() }),
    /** Path within its settings, as `rings.0.dropSkills`. */
    path: z.string(),
    /** A sentence in English, for APIs and logs; consoles word it by `code` and `details`. */
    sentence: z.string(),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])),
  })
  .meta({ id: 'ConfigurationFinding' })
export type ConfigurationFinding = z.infer<typeof findingSchema>

/** A configuration as it was published. */
export const configurationVersionSchema = z
  .object({ version: z.number().int(), createdAt: instantSchema, authorId: idSchema.nullable(), note: z.string() })
  .meta({ id: 'ConfigurationVersion' })
export type ConfigurationVersion = z.infer<typeof configurationVersionSchema>

/** Rules of routing that hold for the whole centre. */
export const routingSettingsSchema = z.object({
  /** Unanswered offers an agent may have at once. */
  maxRinging: z.number().int().min(1).max(20).default(2),
  /** `not_responding` ends by itself after this; null = only the agent ends it. */
  notRespondingMs: z.number().int().min(60_000).max(3_600_000).nullable().default(null),
  /** How long a hand-over to a person stays theirs before the queue has it. */
  personalMs: z.number().int().min(10_000).max(86_400_000).default(300_000),
  /** A promised time counts as kept this long after it. */
  promiseToleranceMs: z.number().int().min(0).max(3_600_000).default(300_000),
  /** Reasons an agent may give for being busy or away. */
  stateReasons: z.array(z.string().trim().min(1).max(60)).max(40).default([]),
})
export type RoutingSettings = z.infer<typeof routingSettingsSchema>
