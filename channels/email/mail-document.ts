import type { CalendarPart, MailAddress, MailNotice } from '../../src/wire/mail.ts'

/** What a mail may bring before it is refused; each is a bound on work, not on taste. */
export interface MailLimits {
  readonly maxParts: number
  readonly maxDepth: number
  /** Header bytes of one part. */
  readonly maxHeadBytes: number
  readonly maxAddresses: number
  readonly maxTextChars: number
  readonly maxHtmlChars: number
  /** Attachments that are listed; more are left out and told. */
  readonly maxAttachments: number
}

/** The limits in force. */
export const mailLimits: MailLimits = {
  maxParts: 1_000,
  maxDepth: 64,
  maxHeadBytes: 256 * 1024,
  maxAddresses: 500,
  maxTextChars: 500_000,
  maxHtmlChars: 1_000_000,
  maxAttachments: 200,
}

/** A part of a mail that is a file. */
export interface MailAttachment {
  /** Its place among all parts that are files, from 0; how it is found again in the stored bytes. */
  readonly index: number
  readonly name: string
  readonly mime: string
  readonly bytes: number
  /** Without brackets. */
  readonly contentId: string | null
  /** Belongs into the HTML form rather than beside it. */
  readonly inline: boolean
}

/** One recipient's block of a delivery or disposition report, as the report says it. */
export interface ReportedRecipient {
  readonly recipient: string | null
  /** `failed`, `delayed`, `delivered`, `relayed`, `expanded`; `displayed` for a read receipt. Lower case. */
  readonly action: string
  /** Enhanced status code (RFC 3463), such as 5.1.1. */
  readonly status: string | null
  /** The receiving server's words. */
  readonly diagnostic: string | null
}

/** A report on mail that was sent from here. */
export interface MailReportDocument {
  readonly kind: 'delivery' | 'disposition' | 'unstructured'
  /** Id of the mail it is about, with brackets, where it is told. */
  readonly originalId: string | null
  readonly recipients: readonly ReportedRecipient[]
}

/** The head of a mail, decoded; of a repeated header the first counts. */
export interface MailHeaders {
  readonly messageId: string | null
  readonly inReplyTo: readonly string[]
  readonly references: readonly string[]
  readonly subject: string
  /** Several authors, or several author lines: then the first is shown and nothing is believed. */
  readonly from: readonly MailAddress[]
  readonly severalFrom: boolean
  readonly sender: MailAddress | null
  readonly replyTo: readonly MailAddress[]
  readonly to: readonly MailAddress[]
  readonly cc: readonly MailAddress[]
  /** Where servers on the way say it was delivered: Delivered-To, X-Original-To, Envelope-To. */
  readonly deliveredTo: readonly string[]
  /** Epoch ms; null where the Date header is missing or absurd. */
  readonly sentAt: number | null
  /** `''` for the null sender, null where no server wrote one. */
  readonly returnPath: string | null
  /** Headers that mark automatic mail, first value of each, lower-case names. */
  readonly marks: Readonly<Record<string, string>>
  /** Authentication-Results headers, topmost first. */
  readonly authResults: readonly string[]
}

/** A mail as the parser hands it over: plain data, within the limits. */
export interface MailDocument {
  readonly headers: MailHeaders
  readonly text: string
  readonly html: string | null
  readonly attachments: readonly MailAttachment[]
  readonly calendars: readonly CalendarPart[]
  readonly report: MailReportDocument | null
  readonly notices: readonly MailNotice[]
  /** SHA-256 over what the author wrote, in hexadecimal: bodies and attachments. */
  readonly bodyHash: string
}
