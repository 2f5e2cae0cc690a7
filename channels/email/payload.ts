import { z } from 'zod'

/** The largest mail whose bytes stand in the ledger itself; larger ones are files. */
export const inlineBytes = 64 * 1024

/** A mail as the ledger keeps it: how it came, and its bytes or where they are. */
export const mailPayloadSchema = z.object({
  kind: z.literal('mail'),
  via: z.enum(['imap', 'smtp']),
  /** When the mailbox or our listener took it, epoch ms. */
  receivedAt: z.number().int(),
  /** IMAP: where it was found. */
  folder: z.string().optional(),
  uidValidity: z.string().optional(),
  uid: z.number().int().optional(),
  spam: z.boolean().default(false),
  /** Mail written before this instant is not taken in, epoch ms: a folder that is read again holds old mail too. */
  writtenAfter: z.number().int().default(0),
  /** SMTP: who handed it over for whom; the sender is empty for reports. */
  envelope: z.object({ from: z.string(), to: z.array(z.string()) }).optional(),
  /** The mail is larger than is taken in: the bytes are its head and beginning. */
  cut: z.boolean().default(false),
  bytes: z.number().int(),
  mime: z.object({ text: z.string(), encoding: z.enum(['utf8', 'base64']) }).optional(),
  blob: z.string().optional(),
})
export type MailPayload = z.infer<typeof mailPayloadSchema>

/** Bytes as they stand in a payload, without losing one. */
export function inlineMime(bytes: Buffer): NonNullable<MailPayload['mime']> {
  const text = bytes.toString('utf8')
  const faithful = !text.includes('\u0000') && Buffer.from(text, 'utf8').equals(bytes)
  return faithful ? { text, encoding: 'utf8' } : { text: bytes.toString('base64'), encoding: 'base64' }
}

/**
 * Whether a mail's bytes must be a file of their own: it is large, or likely has attachments, which are taken out of the
 * file later.
 */
export function belongsInFile(bytes: Buffer): boolean {
  return (
    bytes.length > inlineBytes ||
    /content-disposition:|multipart\/(?:mixed|related|report|signed)|text\/calendar/i.test(bytes.toString('latin1'))
  )
}

/** What is kept of a payload whose mail turned out to be here already. */
export function withoutBytes(payload: MailPayload): string {
  const { mime: _mime, blob: _blob, ...rest } = payload
  return JSON.stringify(rest)
}
