import { z } from 'zod'
import { contactBriefSchema } from './contacts.ts'
import { awaitingSchema, channelIdSchema, conversationStatusSchema, idSchema, instantSchema, messageDirectionSchema } from './words.ts'

/** A conversation as lists, offers and headers show it. */
export const conversationSchema = z
  .object({
    id: idSchema,
    inboxId: idSchema,
    channel: channelIdSchema,
    contact: contactBriefSchema,
    /** The customer's address on this channel no longer accepts messages. */
    blocked: z.boolean(),
    status: conversationStatusSchema,
    awaiting: awaitingSchema,
    queueId: idSchema,
    assigneeId: idSchema.nullable(),
    priority: z.number().int().min(0).max(9),
    subject: z.string().nullable(),
    tags: z.array(z.string()),
    waitingSince: instantSchema,
    queuedAt: instantSchema,
    assignedAt: instantSchema.nullable(),
    snoozedUntil: instantSchema.nullable(),
    wrapUpUntil: instantSchema.nullable(),
    slaDueAt: instantSchema.nullable(),
    slaBreachedAt: instantSchema.nullable(),
    firstResponseAt: instantSchema.nullable(),
    /** Until then an answer is not counted against the account's plan; null when it would be, or nothing is counted. */
    freeUntil: instantSchema.nullable().optional(),
    resolvedAt: instantSchema.nullable(),
    disposition: z.string().nullable(),
    previousId: idSchema.nullable(),
    messageCount: z.number().int(),
    readCount: z.number().int(),
    customerReadCount: z.number().int(),
    lastMessageAt: instantSchema,
    preview: z.object({ direction: messageDirectionSchema, kind: z.string(), text: z.string() }).nullable(),
    createdAt: instantSchema,
  })
  .meta({ id: 'Conversation' })
export type Conversation = z.infer<typeof conversationSchema>

/** `mine`: assigned to me. `waiting`: queued or offered. `open`/`resolved`: everything I may see. */
export const conversationViewSchema = z.enum(['mine', 'waiting', 'open', 'resolved'])
export type ConversationView = z.infer<typeof conversationViewSchema>

export const conversationListQuerySchema = z.object({
  view: conversationViewSchema.default('open'),
  queueId: idSchema.optional(),
  assigneeId: idSchema.optional(),
  contactId: idSchema.optional(),
  channel: channelIdSchema.optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})
export type ConversationListQuery = z.infer<typeof conversationListQuerySchema>

export const assignInputSchema = z
  .object({
    agentId: idSchema.optional(),
    queueId: idSchema.optional(),
    note: z.string().max(2000).optional(),
  })
  .refine((v) => (v.agentId === undefined) !== (v.queueId === undefined), { message: 'Name either an agent or a queue.' })
export type AssignInput = z.infer<typeof assignInputSchema>

export const wrapUpInputSchema = z.object({
  disposition: z.string().min(1).max(60).optional(),
  tags: z.array(z.string().trim().min(1).max(40)).max(20).optional(),
  note: z.string().max(4000).optional(),
})
export type WrapUpInput = z.infer<typeof wrapUpInputSchema>
