import { z } from 'zod'
import { agentInputSchema, agentSchema, capacityOverridesSchema } from './agents.ts'
import { signatureMaxChars } from './mail.ts'
import { idSchema, instantSchema, localeSchema } from './words.ts'

/** A password as it is chosen; only its length is ruled (ASVS 5.0 §6.2.1, §6.2.5). */
export const newPasswordSchema = z
  .string()
  .min(10, 'A password has at least 10 characters.')
  .max(200, 'A password has at most 200 characters.')

const totpCodeSchema = z
  .string()
  .trim()
  .regex(/^\d{6}$/, 'The code has 6 digits.')

export const logInInputSchema = z.object({
  email: z.string().trim().min(1).max(254),
  password: z.string().min(1).max(200),
  /** The authenticator's code, when the account asks for one. */
  totp: totpCodeSchema.optional(),
})
export type LogInInput = z.infer<typeof logInInputSchema>

export const passwordChangeSchema = z.object({ current: z.string().min(1).max(200), next: newPasswordSchema })
export type PasswordChange = z.infer<typeof passwordChangeSchema>

/** What an authenticator app needs, shown once while it is set up. */
export const totpSetupSchema = z.object({ secret: z.string(), uri: z.string() }).meta({ id: 'TotpSetup' })
export type TotpSetup = z.infer<typeof totpSetupSchema>
export const totpConfirmSchema = z.object({ code: totpCodeSchema })
export const totpDisableSchema = z.object({ password: z.string().min(1).max(200) })

/** A log-in of one's own. */
export const sessionSchema = z
  .object({
    id: idSchema,
    current: z.boolean(),
    userAgent: z.string().nullable(),
    ip: z.string().nullable(),
    createdAt: instantSchema,
    lastSeenAt: instantSchema,
    expiresAt: instantSchema,
  })
  .meta({ id: 'Session' })
export type SessionInfo = z.infer<typeof sessionSchema>

/** An API token without the token itself. */
export const apiTokenSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    hint: z.string(),
    permissions: z.array(z.string()),
    createdAt: instantSchema,
    lastUsedAt: instantSchema.nullable(),
    expiresAt: instantSchema.nullable(),
  })
  .meta({ id: 'ApiToken' })
export type ApiToken = z.infer<typeof apiTokenSchema>

export const apiTokenInputSchema = z.object({
  name: z.string().trim().min(1).max(80),
  /** What it may do at most; `*` for all that its owner may. */
  permissions: z.array(z.string().max(60)).min(1).max(60).default(['*']),
  expiresInDays: z.number().int().min(1).max(3650).optional(),
})
export type ApiTokenInput = z.infer<typeof apiTokenInputSchema>

/** The answer to the making of a token; `token` is never shown again. */
export const newApiTokenSchema = z.object({ token: z.string(), apiToken: apiTokenSchema }).meta({ id: 'NewApiToken' })
export type NewApiToken = z.infer<typeof newApiTokenSchema>

/** A link that works once: `setup` makes the first administrator, `invite` and `reset` let a person choose a password. */
export const linkSchema = z
  .object({
    purpose: z.enum(['setup', 'invite', 'reset']),
    email: z.string().nullable(),
    name: z.string().nullable(),
    expiresAt: instantSchema,
  })
  .meta({ id: 'OneTimeLink' })
export type LinkInfo = z.infer<typeof linkSchema>

const linkTokenSchema = z.string().min(20).max(100)
export const linkInspectSchema = z.object({ token: linkTokenSchema })
export const linkUseSchema = z.object({
  token: linkTokenSchema,
  password: newPasswordSchema,
  /** Needed by a setup link without an address. */
  email: z.email().max(254).optional(),
  name: z.string().trim().min(1).max(120).optional(),
  locale: localeSchema.optional(),
})
export type LinkUse = z.infer<typeof linkUseSchema>

/** A new link; the address is never shown again. */
export const newLinkSchema = z
  .object({
    url: z.string(),
    purpose: z.enum(['setup', 'invite', 'reset']),
    expiresAt: instantSchema,
    /** Whether it was mailed to its person; left out where nobody tried. */
    mailed: z.boolean().optional(),
  })
  .meta({ id: 'NewOneTimeLink' })
export type NewLink = z.infer<typeof newLinkSchema>

/** Changes to one's own account that need no password. */
export const myChangesSchema = z.object({
  name: z.string().trim().min(1).max(120).optional(),
  locale: localeSchema.optional(),
  /** Put below one's mails; plain text. */
  signature: z.string().max(signatureMaxChars).optional(),
})
export type MyChanges = z.infer<typeof myChangesSchema>

/** An agent as administrators see the account behind it. */
export const agentAccountSchema = agentSchema
  .extend({
    capacity: capacityOverridesSchema,
    totpEnabled: z.boolean(),
    /** False until the person has chosen a password. */
    hasPassword: z.boolean(),
    createdAt: instantSchema,
  })
  .meta({ id: 'AgentAccount' })
export type AgentAccount = z.infer<typeof agentAccountSchema>

/** What may be changed of an agent; what is left out stays. Lists replace the former list. */
export const agentChangesSchema = z.object({
  email: agentInputSchema.shape.email.optional(),
  name: agentInputSchema.shape.name.optional(),
  roleId: idSchema.optional(),
  locale: localeSchema.optional(),
  capacity: capacityOverridesSchema.optional(),
  skills: agentInputSchema.shape.skills,
  queueIds: agentInputSchema.shape.queueIds,
})
export type AgentChanges = z.infer<typeof agentChangesSchema>

/** A new agent, with the invitation to send where no password was given. */
export const newAgentSchema = z.object({ agent: agentAccountSchema, invite: newLinkSchema.nullable() }).meta({ id: 'NewAgent' })
export type NewAgentAnswer = z.infer<typeof newAgentSchema>

export const roleInputSchema = z.object({
  name: z.string().trim().min(1).max(60),
  permissions: z.array(z.string().max(60)).max(60),
  visibility: z.enum(['own', 'team', 'all']),
})
export type RoleInput = z.infer<typeof roleInputSchema>

export const skillSchema = z.object({ id: idSchema, name: z.string() }).meta({ id: 'Skill' })
export type Skill = z.infer<typeof skillSchema>
export const skillInputSchema = z.object({ name: z.string().trim().min(1).max(60) })
