import { z } from 'zod'
import { instantSchema } from './words.ts'

/** Somebody named in a mail's header. */
export const mailAddressSchema = z.object({
  /** Host in lower case and ASCII; the local part in lower case. */
  address: z.string().max(320),
  name: z.string().max(200).nullable(),
})
export type MailAddress = z.infer<typeof mailAddressSchema>

/**
 * Why a mail is no person's writing. `auto_reply`: an answering machine (out of office). `auto_generated`: a system's own
 * mail, such as a form. `bulk`: a list or newsletter. `bounce`: a delivery report. `receipt`: a read receipt. `own`: sent by
 * one of our own addresses.
 */
export const mailAutomaticSchema = z.enum(['auto_reply', 'auto_generated', 'bulk', 'bounce', 'receipt', 'own'])
export type MailAutomatic = z.infer<typeof mailAutomaticSchema>

/** What a reader of a mail must know beside its words; each is rendered in the reader's language. */
export const mailNoticeSchema = z.enum([
  /** The body is larger than what is taken in; the rest stays in the mailbox. */
  'too_large',
  /** The HTML form is larger than what is shown. */
  'html_too_large',
  /** More attachments than are kept. */
  'attachments_left_out',
  /** S/MIME or PGP signature present, not verified. */
  'signed',
  'encrypted',
  /** An Outlook container (winmail.dat) that was kept as it is. */
  'tnef_kept',
  /** The mail does not say its charset, or says it wrongly; it was guessed. */
  'charset_guessed',
  /** More than one author line: the sender is not to be trusted. */
  'several_from',
  /** The receiving server found that the sender's domain did not send it. */
  'sender_unproven',
  /** It was in the spam folder. */
  'spam',
  /** Answers go to another address than the author's. */
  'reply_elsewhere',
])
export type MailNotice = z.infer<typeof mailNoticeSchema>

/** The head of a message that is a mail. */
export const mailHeadSchema = z
  .object({
    subject: z.string().max(1_000),
    from: mailAddressSchema.nullable(),
    /** Where answers go when that is not `from`. */
    replyTo: z.array(mailAddressSchema),
    to: z.array(mailAddressSchema),
    cc: z.array(mailAddressSchema),
    /** Outgoing mail only: hidden recipients. */
    bcc: z.array(mailAddressSchema),
    /** Message-ID with its angle brackets; null where a mail has none. */
    messageId: z.string().max(998).nullable(),
    /** The sender's own time, epoch ms; null where it is missing or absurd. */
    sentAt: instantSchema.nullable(),
    /** Whether there is an HTML form, kept apart from the message. */
    hasHtml: z.boolean(),
    /** Whether the bytes as they came are kept. */
    hasSource: z.boolean(),
    automatic: mailAutomaticSchema.nullable(),
    notices: z.array(mailNoticeSchema),
  })
  .meta({ id: 'MailHead' })
export type MailHead = z.infer<typeof mailHeadSchema>

/** An invitation to a meeting (RFC 5545, RFC 5546); the file itself is a medium of the same message. */
export const calendarPart = z.object({
  type: z.literal('calendar'),
  method: z.enum(['request', 'reply', 'cancel', 'publish', 'counter', 'other']),
  summary: z.string().max(500),
  startsAt: instantSchema.nullable(),
  endsAt: instantSchema.nullable(),
  allDay: z.boolean(),
  location: z.string().max(500).nullable(),
  organizer: z.string().max(320).nullable(),
  /** A reply's answer: accepted, declined, tentative. */
  answer: z.string().max(40).nullable(),
})
export type CalendarPart = z.infer<typeof calendarPart>

/** Longest subject an agent may write; RFC 5322 bounds the line, people the rest. */
export const subjectMaxChars = 250
/** Longest HTML an agent may write, UTF-16 code units. */
export const outgoingHtmlMaxChars = 200_000
/** Longest signature of an agent, UTF-16 code units. */
export const signatureMaxChars = 2_000
/** Longest time in which a message may be taken back before it leaves, milliseconds. */
export const undoMaxMs = 30_000

/** Text of one header line: what ends a line cannot stand in it. */
const headerLine = (maxChars: number) =>
  z
    .string()
    .trim()
    .max(maxChars)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'must be one line')

/** An address without comments and quotes, whose host has a dot or is a name of the local network. */
export const outgoingAddressSchema = z.object({
  address: z
    .string()
    .trim()
    .max(254)
    .regex(/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[^\s@<>()[\]\\,;:"\p{Cc}\p{Zl}\p{Zp}]{1,253}$/u, 'must be an e-mail address'),
  name: headerLine(120).nullable().default(null),
})

/** What an agent's mail has beside its words and files; what is left out is taken from the mail that is answered. */
export const outgoingMailSchema = z
  .object({
    subject: headerLine(subjectMaxChars).optional(),
    to: z.array(outgoingAddressSchema).min(1).max(50).optional(),
    cc: z.array(outgoingAddressSchema).max(50).default([]),
    bcc: z.array(outgoingAddressSchema).max(50).default([]),
    /** Rich text; its pictures name uploaded files as `cid:<file id>`. The plain text stands in the message's parts. */
    html: z.string().max(outgoingHtmlMaxChars).optional(),
    /** Whether the signatures of agent and inbox are put below. */
    signature: z.boolean().default(true),
    /** Whether the mail that is answered is put below. */
    quote: z.boolean().default(true),
  })
  .meta({ id: 'OutgoingMail' })
export type OutgoingMail = z.infer<typeof outgoingMailSchema>

/** The first mail of a conversation that goes on by mail. */
export const continueByMailSchema = z.object({
  text: z.string().trim().min(1).max(20_000),
  subject: headerLine(subjectMaxChars).optional(),
})
export type ContinueByMail = z.infer<typeof continueByMailSchema>

/** Where an answer by mail begins. */
export const mailSuggestionSchema = z
  .object({
    from: mailAddressSchema,
    to: z.array(mailAddressSchema),
    /** Who else took part: who is answered with "reply to all". */
    others: z.array(mailAddressSchema),
    subject: z.string(),
    /** The message that is answered. */
    answers: z.string().nullable(),
    /** Plain form of what is put below. */
    signature: z.string(),
    /** How long it can be taken back, milliseconds. */
    undoMs: z.number().int(),
  })
  .meta({ id: 'MailSuggestion' })
export type MailSuggestion = z.infer<typeof mailSuggestionSchema>

/** A mail's HTML made safe to show in a frame without scripts. */
export const safeMailSchema = z
  .object({
    /** Null where there is none, or it is too large to be shown: the text is all there is. */
    html: z.string().nullable(),
    /** Remote pictures left out because nobody has asked for them. */
    blockedImages: z.number().int(),
    /** Pictures that only tell the sender of being read; never loaded. */
    trackers: z.number().int(),
    /** Sets colours of its own, which need a light ground. */
    coloured: z.boolean(),
  })
  .meta({ id: 'SafeMail' })
export type SafeMail = z.infer<typeof safeMailSchema>
