import { z } from 'zod'
import { contactBriefSchema } from './contacts.ts'
import { actorTypeSchema, channelIdSchema, conversationStatusSchema, idSchema, instantSchema, messageDirectionSchema } from './words.ts'

/** Longest query, UTF-16 code units. */
export const searchQueryMaxChars = 200

/** What is searched and which of it is wanted. Times are epoch milliseconds, the last one excluded. */
export const searchQuerySchema = z
  .object({
    q: z.string().trim().min(1).max(searchQueryMaxChars),
    in: z.enum(['all', 'messages', 'contacts']).default('all'),
    channel: channelIdSchema.optional(),
    /** Whose conversation it is, or who wrote. */
    agentId: idSchema.optional(),
    from: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
    to: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(50).default(20),
  })
  .refine((v) => v.cursor === undefined || v.in !== 'all', { message: 'A cursor needs a list to go on in.', path: ['cursor'] })
export type SearchQueryInput = z.infer<typeof searchQuerySchema>

/** A piece of a text, on one line; `marks` are what was found in it, UTF-16 code units, the end excluded. */
export const snippetSchema = z.object({
  text: z.string(),
  marks: z.array(z.object({ from: z.number().int().min(0), to: z.number().int().min(1) })),
})
export type FoundSnippet = z.infer<typeof snippetSchema>

/** A message that was found, or a conversation by its subject or wrap-up note. */
export const messageHitSchema = z
  .object({
    conversation: z.object({
      id: idSchema,
      channel: channelIdSchema,
      status: conversationStatusSchema,
      subject: z.string().nullable(),
      contact: contactBriefSchema,
      assigneeId: idSchema.nullable(),
    }),
    /** Null where the conversation itself was found. */
    message: z
      .object({
        id: idSchema,
        ordinal: z.number().int().min(1),
        direction: messageDirectionSchema,
        author: z.object({ type: actorTypeSchema, name: z.string() }),
      })
      .nullable(),
    at: instantSchema,
    /** Where the words stand: what was said, a subject, or the note at the end. */
    place: z.enum(['text', 'subject', 'wrap_up_note']),
    snippet: snippetSchema,
  })
  .meta({ id: 'MessageHit' })
export type MessageHit = z.infer<typeof messageHitSchema>

export const contactFieldNameSchema = z.enum(['name', 'address', 'company', 'field', 'note'])
export type ContactFieldName = z.infer<typeof contactFieldNameSchema>

/** A contact that was found, and by what. */
export const contactHitSchema = z
  .object({
    contact: contactBriefSchema,
    found: z.array(z.object({ field: contactFieldNameSchema, label: z.string().nullable(), snippet: snippetSchema })),
  })
  .meta({ id: 'ContactHit' })
export type ContactHit = z.infer<typeof contactHitSchema>

/**
 * What was found, the newest first. A page may be shorter than asked for, even empty: only `nextCursor: null` means that
 * everything has been looked at.
 */
export const searchResultsSchema = z
  .object({
    messages: z.object({ items: z.array(messageHitSchema), nextCursor: z.string().nullable() }),
    contacts: z.object({ items: z.array(contactHitSchema), nextCursor: z.string().nullable() }),
    /** False while what was there before the index is still being taken into it. */
    complete: z.boolean(),
  })
  .meta({ id: 'SearchResults' })
export type SearchResults = z.infer<typeof searchResultsSchema>
