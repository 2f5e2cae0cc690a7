import { z } from 'zod'
import { instantSchema } from './words.ts'

/** The page a visitor writes from, as the site's own page told it. Plain text; the address has no query and no fragment. */
export const visitorPageSchema = z.object({ url: z.string().max(500), title: z.string().max(200) })
export type VisitorPage = z.infer<typeof visitorPageSchema>

/** What is known of a visitor beside what they wrote. */
export const visitorProfileSchema = z.object({
  name: z.string().max(200).optional(),
  /** Typed by the visitor, unless `emailVerified`. Never a way into anybody's history. */
  email: z.string().max(254).optional(),
  /** The site signed that the address is theirs. */
  emailVerified: z.boolean().optional(),
  phone: z.string().max(40).optional(),
  /** The newest consent: to which version of the words, and when. */
  consent: z.object({ version: z.string().max(40), at: instantSchema }).optional(),
  /** The visitor left the chat with a form: answers also go to `email`. */
  answerByEmail: z.boolean().optional(),
  page: visitorPageSchema.optional(),
  locale: z.string().max(35).optional(),
})
export type VisitorProfile = z.infer<typeof visitorProfileSchema>
