import { z } from 'zod'
import { agentStateSchema, channelIdSchema, idSchema, instantSchema, localeSchema } from './words.ts'

/** What an agent may hold, where it differs from the defaults of `core/capacity`. */
export const capacityOverridesSchema = z.object({
  max: z.partialRecord(channelIdSchema, z.number().int().min(0).max(100)).default({}),
  weights: z.partialRecord(channelIdSchema, z.number().int().min(0).max(100)).default({}),
  total: z.number().int().min(0).max(1000).optional(),
  /** For each channel held: the channels that may come in beside it. Replaces whole rows. */
  interruptedBy: z.partialRecord(channelIdSchema, z.array(channelIdSchema)).optional(),
})
export type CapacityOverrides = z.infer<typeof capacityOverridesSchema>

/** What an agent holds at this moment, offers and wrap-up included. */
export const loadSchema = z
  .object({
    items: z.partialRecord(channelIdSchema, z.number().int()),
    weight: z.number().int(),
    total: z.number().int(),
  })
  .meta({ id: 'Load' })
export type Load = z.infer<typeof loadSchema>

/** An agent as colleagues and supervisors see them. */
export const agentSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    email: z.string(),
    roleId: idSchema,
    locale: localeSchema,
    avatarColor: z.string().nullable(),
    disabled: z.boolean(),
    state: agentStateSchema,
    stateReason: z.string().nullable(),
    stateSince: instantSchema,
    /** A console holds a live presence lease. */
    connected: z.boolean(),
    load: loadSchema,
    skills: z.array(z.object({ skillId: idSchema, level: z.number().int() })),
    queueIds: z.array(idSchema),
  })
  .meta({ id: 'Agent' })
export type Agent = z.infer<typeof agentSchema>

/** States a person may choose; `wrap_up`, `not_responding` and `offline` come from what happens. */
export const chosenStateSchema = z.enum(['available', 'busy', 'away', 'offline'])
export const stateInputSchema = z.object({ state: chosenStateSchema, reason: z.string().trim().max(60).optional() })
export type StateInput = z.infer<typeof stateInputSchema>

export const roleSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    permissions: z.array(z.string()),
    visibility: z.enum(['own', 'team', 'all']),
    builtin: z.boolean(),
  })
  .meta({ id: 'Role' })
export type Role = z.infer<typeof roleSchema>

/** Who is logged in, and what they may do. */
export const meSchema = z
  .object({
    agent: agentSchema,
    role: roleSchema,
    permissions: z.array(z.string()),
    /** Put below their mails, plain text. */
    signature: z.string(),
    totpEnabled: z.boolean(),
    /** Goes into `X-CSRF-Token` of every write made with the cookie. */
    csrfToken: z.string(),
  })
  .meta({ id: 'Me' })
export type Me = z.infer<typeof meSchema>

export const agentInputSchema = z.object({
  email: z.email().max(254),
  name: z.string().trim().min(1).max(120),
  roleId: idSchema,
  locale: localeSchema.default('en'),
  capacity: capacityOverridesSchema.optional(),
  skills: z
    .array(z.object({ skillId: idSchema, level: z.number().int().min(1).max(5) }))
    .max(100)
    .optional(),
  queueIds: z.array(idSchema).max(200).optional(),
  password: z.string().min(10).max(200).optional(),
})
export type AgentInput = z.infer<typeof agentInputSchema>
