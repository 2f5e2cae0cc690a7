import { z } from 'zod'
import { conversationSchema } from './conversations.ts'
import { idSchema, instantSchema, offerStatusSchema } from './words.ts'

/** Why an agent was not chosen. */
export const exclusionReasonSchema = z.enum([
  'offline',
  'not_available',
  'not_member',
  'skill',
  'capacity',
  'blocked_by_call',
  'avoid',
  'reserved',
])
export type ExclusionReason = z.infer<typeof exclusionReasonSchema>

/** How a routing decision explains itself. */
export const offerWhySchema = z
  .object({
    /** Relaxation step in force, 0 = none. */
    ring: z.number().int(),
    selection: z.string(),
    /** The item's place: priority, effective age, id. */
    order: z.object({ priority: z.number(), since: instantSchema, personal: z.boolean() }),
    candidates: z.number().int(),
    /** Chosen agent and the keys that won; null when nobody was. */
    chosen: z.object({ agentId: idSchema, keys: z.record(z.string(), z.union([z.string(), z.number()])) }).nullable(),
    excluded: z.array(z.object({ reason: exclusionReasonSchema, count: z.number().int(), agentIds: z.array(idSchema) })),
  })
  .meta({ id: 'OfferWhy' })
export type OfferWhy = z.infer<typeof offerWhySchema>

/** A conversation shown to one agent with the server's deadline. */
export const offerSchema = z
  .object({
    id: idSchema,
    conversationId: idSchema,
    agentId: idSchema,
    queueId: idSchema,
    status: offerStatusSchema,
    createdAt: instantSchema,
    expiresAt: instantSchema,
    endedAt: instantSchema.nullable(),
    reason: z.string().nullable(),
    why: offerWhySchema,
    conversation: conversationSchema,
  })
  .meta({ id: 'Offer' })
export type Offer = z.infer<typeof offerSchema>
