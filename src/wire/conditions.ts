import { z } from 'zod'
import { channelIdSchema, idSchema } from './words.ts'

const negatable = { not: z.boolean().default(false) }

/** One thing that may be true of a conversation that comes in. `not` turns it round. */
export const conditionTestSchema = z.discriminatedUnion('fact', [
  z.object({ fact: z.literal('channel'), anyOf: z.array(channelIdSchema).min(1), ...negatable }),
  z.object({ fact: z.literal('inbox'), anyOf: z.array(idSchema).min(1).max(200), ...negatable }),
  z.object({ fact: z.literal('queue'), anyOf: z.array(idSchema).min(1).max(200), ...negatable }),
  z.object({ fact: z.literal('priority'), atLeast: z.number().int().min(0).max(9), ...negatable }),
  /** Any of the words or phrases in the text or the subject, whatever their case and width; Latin words as whole words. */
  z.object({ fact: z.literal('words'), anyOf: z.array(z.string().trim().min(1).max(100)).min(1).max(100), ...negatable }),
  /** BCP 47 tags; `zh` holds for `zh-TW` too. */
  z.object({ fact: z.literal('language'), anyOf: z.array(z.string().trim().min(2).max(35)).min(1).max(50), ...negatable }),
  z.object({ fact: z.literal('tier'), anyOf: z.array(z.string().trim().min(1).max(60)).min(1).max(50), ...negatable }),
  z.object({ fact: z.literal('tag'), anyOf: z.array(z.string().trim().min(1).max(40)).min(1).max(50), ...negatable }),
  /** A field of the contact; without values: that it is filled in. */
  z.object({
    fact: z.literal('attribute'),
    name: z.string().trim().min(1).max(60),
    anyOf: z.array(z.string().max(200)).max(100).default([]),
    ...negatable,
  }),
  /** The customer's address begins so (a country code) or, with `@`, ends so (a mail domain). */
  z.object({ fact: z.literal('address'), anyOf: z.array(z.string().trim().min(1).max(254)).min(1).max(100), ...negatable }),
  /** The calendar is open at the moment of arrival. */
  z.object({ fact: z.literal('hours'), calendarId: idSchema, ...negatable }),
  /** The contact has written before. */
  z.object({ fact: z.literal('returning'), ...negatable }),
])
export type ConditionTest = z.infer<typeof conditionTestSchema>

/** Tests of which all, or one, must hold; none at all holds always. */
export const conditionSchema = z.object({
  match: z.enum(['all', 'any']).default('all'),
  tests: z.array(conditionTestSchema).max(20).default([]),
})
export type Condition = z.infer<typeof conditionSchema>

/** What a condition may look at. */
export const entryFactsSchema = z
  .object({
    channel: channelIdSchema,
    inboxId: idSchema,
    /** Where it would begin without rules. */
    queueId: idSchema,
    priority: z.number().int().min(0).max(9),
    subject: z.string().max(1_000).nullable().default(null),
    text: z.string().max(100_000).default(''),
    language: z.string().max(35).nullable().default(null),
    tier: z.string().max(60).nullable().default(null),
    tags: z.array(z.string()).max(50).default([]),
    attributes: z.record(z.string(), z.string()).default({}),
    address: z.string().max(254).nullable().default(null),
    returning: z.boolean().default(false),
  })
  .meta({ id: 'EntryFacts' })
export type EntryFacts = z.infer<typeof entryFactsSchema>
