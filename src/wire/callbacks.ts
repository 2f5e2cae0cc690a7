import { z } from 'zod'
import { idSchema, instantSchema } from './words.ts'

/**
 * Where a callback stands. `waiting`: in its place in line, or before its time. `offered`: shown to an agent. `dialling`: the agent
 * has accepted and the customer is called. The rest are ends: `reached`, `failed` (no tries left), `cancelled`, `superseded` (the
 * customer called first, and that call has the place).
 */
export const callbackStatusSchema = z.enum(['waiting', 'offered', 'dialling', 'reached', 'failed', 'cancelled', 'superseded'])
export type CallbackStatus = z.infer<typeof callbackStatusSchema>

/** How a try ended; all but `reached` count against the tries. */
export const callbackTrySchema = z.enum(['reached', 'no_answer', 'busy', 'voicemail', 'failed'])
export type CallbackTry = z.infer<typeof callbackTrySchema>

/** A promise to call a customer. */
export const callbackSchema = z
  .object({
    id: idSchema,
    conversationId: idSchema,
    contactId: idSchema,
    queueId: idSchema,
    /** E.164. */
    number: z.string(),
    status: callbackStatusSchema,
    /** The customer's first unanswered contact: the age it keeps. */
    createdAt: instantSchema,
    /** The promised time; null = as the line comes to it. */
    scheduledFor: instantSchema.nullable(),
    /** Promised by name. */
    agentId: idSchema.nullable(),
    tries: z.number().int(),
    nextTryAt: instantSchema.nullable(),
    lastTry: callbackTrySchema.nullable(),
    /** Of a promised time: whether the first try came within the tolerance. */
    promise: z.enum(['kept', 'broken']).nullable(),
    endedAt: instantSchema.nullable(),
  })
  .meta({ id: 'Callback' })
export type Callback = z.infer<typeof callbackSchema>

export const callbackInputSchema = z.object({
  conversationId: idSchema,
  /** E.164. */
  number: z.string().regex(/^\+[1-9]\d{6,14}$/, 'A number has the form +886912345678.'),
  scheduledFor: instantSchema.nullable().default(null),
  agentId: idSchema.nullable().default(null),
})
export type CallbackInput = z.infer<typeof callbackInputSchema>
