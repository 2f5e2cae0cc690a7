import { z } from 'zod'
import { mailAddressSchema, outgoingAddressSchema } from './mail.ts'
import { instantSchema } from './words.ts'

/** The most that one mail of the sandbox may carry in files, bytes. */
export const sandboxFilesMaxBytes = 10 * 1024 * 1024

/** A mail in a customer's mailbox of the sandbox, either way. */
export const mailboxEntrySchema = z.object({
  id: z.string(),
  at: instantSchema,
  by: z.enum(['customer', 'centre']),
  from: mailAddressSchema,
  to: z.array(mailAddressSchema),
  subject: z.string(),
  text: z.string(),
  html: z.string().nullable(),
  files: z.array(z.object({ id: z.string(), name: z.string(), mime: z.string(), bytes: z.number().int() })),
  /** Whether the centre's mail server took what the customer sent; null for the centre's mail. */
  delivery: z.enum(['waiting', 'taken', 'failed']).nullable(),
  /** The server's words where it refused. */
  refusal: z.string().nullable(),
})
export type MailboxEntry = z.infer<typeof mailboxEntrySchema>

/** A customer with a mailbox. */
export const mailboxSchema = z.object({ address: z.string(), name: z.string(), newest: mailboxEntrySchema.nullable() })
export type Mailbox = z.infer<typeof mailboxSchema>

/** All mailboxes, and the centre's addresses that customers write to. */
export const mailboxesSchema = z.object({ now: instantSchema, inboxes: z.array(mailAddressSchema), mailboxes: z.array(mailboxSchema) })
export type Mailboxes = z.infer<typeof mailboxesSchema>

/** One customer's mail, oldest first. */
export const mailboxThreadSchema = z.object({ now: instantSchema, mailbox: mailboxSchema, entries: z.array(mailboxEntrySchema) })
export type MailboxThread = z.infer<typeof mailboxThreadSchema>

/** A mail that a customer writes. */
export const customerMailSchema = z.object({
  to: z.string().trim().max(254),
  subject: z.string().trim().max(250),
  text: z.string().max(20_000),
  html: z.string().max(100_000).nullable().default(null),
  /** The entry that is answered. */
  answers: z.string().max(64).nullable().default(null),
  files: z
    .array(z.object({ name: z.string().min(1).max(200), mime: z.string().max(127), base64: z.base64().max(sandboxFilesMaxBytes * 1.4) }))
    .max(5)
    .default([]),
})
export type CustomerMail = z.infer<typeof customerMailSchema>

export const newMailboxSchema = outgoingAddressSchema.extend({ name: z.string().trim().min(1).max(40) })
