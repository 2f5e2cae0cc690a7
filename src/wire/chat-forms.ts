import { z } from 'zod'
import { answerMaxChars } from './chat-words.ts'
import { localeSchema } from './words.ts'

/** A text of an inbox in the languages its owner wrote it in; readers without theirs get the first there is. */
export const chatWordsSchema = z.partialRecord(localeSchema, z.string().trim().min(1).max(500))
export type ChatWords = z.infer<typeof chatWordsSchema>

const fieldKeySchema = z.string().regex(/^[a-z][a-z0-9_]{0,30}$/, { message: 'Use small letters, digits and _.' })

/** A question of a form. `name`, `email` and `phone` need no label: the widget has its own. */
export const formFieldSchema = z
  .object({
    key: fieldKeySchema,
    type: z.enum(['name', 'email', 'phone', 'text', 'long_text', 'choice']),
    label: chatWordsSchema.default({}),
    required: z.boolean().default(false),
    /** Answers to choose from, for `choice`. */
    options: z
      .array(z.object({ value: z.string().trim().min(1).max(60), label: chatWordsSchema.default({}) }))
      .max(20)
      .default([]),
  })
  .refine(({ type, options }) => type !== 'choice' || options.length > 0, { path: ['options'], message: 'Name what can be chosen.' })
  .refine(({ type, label }) => ['name', 'email', 'phone'].includes(type) || Object.keys(label).length > 0, {
    path: ['label'],
    message: 'Write the question in at least one language.',
  })
export type FormField = z.infer<typeof formFieldSchema>

/** What a visitor is asked before the first message. */
export const chatFormSchema = z.object({
  intro: chatWordsSchema.default({}),
  fields: z
    .array(formFieldSchema)
    .max(8)
    .refine((fields) => new Set(fields.map(({ key }) => key)).size === fields.length, { message: 'Each question needs a key of its own.' }),
})
export type ChatForm = z.infer<typeof chatFormSchema>

/** What a visitor agrees to before anything is sent; each change of the words is another version. */
export const chatConsentSchema = z.object({
  version: z.string().trim().min(1).max(40),
  text: chatWordsSchema.refine((words) => Object.keys(words).length > 0, { message: 'Write it in at least one language.' }),
  /** Page with the whole of it. */
  url: z
    .url({ protocol: /^https$/ })
    .max(500)
    .optional(),
})
export type ChatConsent = z.infer<typeof chatConsentSchema>

/** Answers by the keys of their questions; choices by their values. */
export const formAnswersSchema = z
  .record(fieldKeySchema, z.string().max(answerMaxChars))
  .refine((answers) => Object.keys(answers).length <= 10, { message: 'That is more than the form asks.' })
export type FormAnswers = z.infer<typeof formAnswersSchema>
