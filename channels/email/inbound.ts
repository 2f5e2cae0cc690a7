import { createHash } from 'node:crypto'
import { AppError } from '../../src/lib/errors.ts'
import { foldFrom } from '../../src/lib/fold-quote.ts'
import { sanitizeText } from '../../src/lib/sanitize-text.ts'
import type { MailAddress, MailHead, MailNotice } from '../../src/wire/mail.ts'
import type { Inbound, InboundAddress, InboundPart, MailReport } from '../contract.ts'
import { automaticKindOf, provenAuthor } from './classify.ts'
import type { EmailConfig } from './config.ts'
import type { MailAttachment, MailDocument, MailReportDocument } from './mail-document.ts'
import { type MailPayload, mailPayloadSchema } from './payload.ts'
import { conversationOfRecipients, isOwnRecipient } from './thread-address.ts'

/** Reads a payload of the ledger. @throws AppError 'invalid_input' when it is none of mail. */
export function readPayload(raw: string): MailPayload {
  try {
    return mailPayloadSchema.parse(JSON.parse(raw))
  } catch (cause) {
    throw new AppError('invalid_input', 'This payload is not one of mail.', {}, { cause })
  }
}

/** What is known of a mail beside the mail. */
export interface MailContext {
  readonly config: EmailConfig
  readonly payload: MailPayload
  /** Proves conversation addresses. */
  readonly threadKey: Buffer
}

/** Turns a parsed mail into the hub's words. Pure. */
export function toInbound(document: MailDocument, context: MailContext): Inbound[] {
  const { config, payload } = context
  const { headers } = document
  const contentHash = contentHashOf(document, payload)
  const party = partyOf(document, context, contentHash)
  const head = headOf(document, context)
  const parts = partsOf(document, payload)
  const quiet =
    head.automatic !== null && head.automatic !== 'auto_generated' && !(config.queueAutomaticMail && head.automatic !== 'bounce')
  return [
    {
      type: 'message',
      externalId: `mail:${contentHash}`,
      occurredAt: payload.receivedAt,
      threadKey: `mail:${contentHash.slice(0, 40)}`,
      party,
      parts,
      ...(headers.messageId === null ? {} : { providerIds: [{ kind: 'email.messageId', value: headers.messageId }] }),
      ...(quiet ? { quiet } : {}),
      mail: {
        head,
        html: document.html,
        // Whoever writes two author lines wants to be taken for somebody.
        references: headers.severalFrom ? [] : referencesOf(document),
        participants: participantsOf(document, config),
        conversationId: conversationOfRecipients(config, recipientsOf(document, payload), context.threadKey),
        contentHash,
        reports: document.report === null ? [] : reportsOf(document.report),
      },
    },
  ]
}

/**
 * The same mail has the same hash, whichever folder, inbox or transport it came through; another mail under the same
 * Message-ID has another. What has neither id nor date is told apart by when it came.
 */
function contentHashOf({ headers, bodyHash }: MailDocument, payload: MailPayload): string {
  const { messageId, sentAt, from, subject } = headers
  const came = messageId === null && sentAt === null ? payload.receivedAt : null
  return createHash('sha256')
    .update(JSON.stringify([messageId, sentAt, from.map(({ address }) => address), subject, bodyHash, came]))
    .digest('hex')
}

function partyOf(document: MailDocument, { config, payload }: MailContext, contentHash: string): InboundAddress {
  const { from, replyTo, sender, returnPath } = document.headers
  const others = (list: readonly MailAddress[]) => list.find(({ address }) => !isOwnRecipient(config, address))
  const author = others(from) ?? others(replyTo) ?? from[0] ?? sender
  const address = author?.address ?? (returnPath === null || returnPath === '' ? payload.envelope?.from : returnPath)
  if (address === undefined || address === '') return { kind: 'external', address: `mail:${contentHash.slice(0, 40)}`, verified: false }
  const verified = address === from[0]?.address && provenAuthor(document.headers, config.authServId) === true
  return { kind: 'email', address, verified, ...(author?.name == null ? {} : { displayName: author.name }) }
}

function headOf(document: MailDocument, { config, payload }: MailContext): MailHead {
  const { headers } = document
  return {
    subject: sanitizeText(headers.subject),
    from: headers.from[0] ?? null,
    replyTo: headers.replyTo.filter(({ address }) => !isOwnRecipient(config, address)).slice(0, 20),
    to: headers.to.slice(0, 200),
    cc: headers.cc.slice(0, 200),
    bcc: [],
    messageId: headers.messageId,
    sentAt: headers.sentAt,
    hasHtml: document.html !== null,
    hasSource: true,
    automatic: automaticKindOf(document, config),
    notices: noticesOf(document, payload, config),
  }
}

function noticesOf({ headers, notices }: MailDocument, payload: MailPayload, config: EmailConfig): MailNotice[] {
  const found = new Set<MailNotice>(notices)
  if (payload.cut) found.add('too_large')
  if (payload.spam) found.add('spam')
  if (headers.severalFrom || headers.from.length > 1) found.add('several_from')
  if (provenAuthor(headers, config.authServId) === false) found.add('sender_unproven')
  const author = headers.from[0]?.address
  if (headers.replyTo.length > 0 && !headers.replyTo.some(({ address }) => address === author)) found.add('reply_elsewhere')
  return [...found]
}

/** Oldest first: the chain, then what it answers at once (RFC 5322 §3.6.4), each once. */
function referencesOf({ headers }: MailDocument): string[] {
  const direct = new Set(headers.inReplyTo)
  return [...headers.references.filter((id) => !direct.has(id)), ...headers.inReplyTo].filter((id) => id !== headers.messageId)
}

function participantsOf({ headers }: MailDocument, config: EmailConfig): string[] {
  const all = [...headers.from, ...headers.replyTo, ...headers.to, ...headers.cc].map(({ address }) => address)
  return [...new Set(all)].filter((address) => !isOwnRecipient(config, address)).slice(0, 200)
}

function recipientsOf({ headers }: MailDocument, payload: MailPayload): string[] {
  return [...headers.to, ...headers.cc].map(({ address }) => address).concat(headers.deliveredTo, payload.envelope?.to ?? [])
}

function partsOf(document: MailDocument, payload: MailPayload): InboundPart[] {
  const text = sanitizeText(document.text).trim()
  const foldAt = text === '' ? undefined : foldFrom(text)
  const parts: InboundPart[] = [...document.calendars]
  const files = document.attachments.map((attachment) => mediumOf(attachment, payload))
  // A mail of a subject alone is still a mail.
  if (text !== '' || parts.length + files.length === 0) {
    parts.unshift({ type: 'text', text, ...(foldAt === undefined ? {} : { foldFrom: foldAt }) })
  }
  return [...parts, ...files]
}

function mediumOf({ index, name, mime, bytes, contentId, inline }: MailAttachment, payload: MailPayload): InboundPart {
  const [top] = mime.split('/', 1)
  const kind = top === 'image' || top === 'video' || top === 'audio' ? top : 'file'
  return {
    type: 'media',
    kind,
    name,
    mime,
    bytes,
    ...(contentId === null ? {} : { contentId }),
    ...(inline ? { inline } : {}),
    source: { index, ...(payload.blob === undefined ? { mime: payload.mime } : { blob: payload.blob }) },
  }
}

function reportsOf({ kind, originalId, recipients }: MailReportDocument): MailReport[] {
  if (originalId === null) return []
  return recipients.flatMap(({ recipient, action, status, diagnostic }): MailReport[] => {
    const outcome = outcomeOf(kind, action, status)
    if (outcome === null) return []
    const failed = outcome === 'failed' || outcome === 'delayed'
    const code = status ?? (outcome === 'failed' ? '5.0.0' : '4.0.0')
    const error = failed
      ? {
          code: 'bounced',
          detail: reasonInWords(code, recipient),
          provider: { code, message: diagnostic ?? action },
        }
      : null
    return [{ messageId: originalId, recipient, outcome, error }]
  })
}

function outcomeOf(kind: MailReportDocument['kind'], action: string, status: string | null): MailReport['outcome'] | null {
  if (kind === 'disposition') return action === 'displayed' ? 'read' : null
  if (action === 'failed') return 'failed'
  if (action === 'delayed') return 'delayed'
  if (action === 'delivered' || action === 'relayed' || action === 'expanded') return status?.startsWith('2') === false ? null : 'delivered'
  return null
}

/** What an enhanced status code means for the one who wrote (RFC 3463 §3, and the codes servers use most). */
function reasonInWords(code: string, recipient: string | null): string {
  const who = recipient ?? 'The recipient'
  const [, subject = '', detail = ''] = code.split('.')
  if (subject === '1' && ['1', '2', '3', '6', '10'].includes(detail)) return `${who} does not exist.`
  if (subject === '2' && detail === '2') return `The mailbox of ${who} is full.`
  if (subject === '2') return `The mailbox of ${who} takes no mail.`
  if (subject === '3' && detail === '4') return 'The mail is too large for the recipient’s server.'
  if (subject === '4') return `The mail server of ${who} could not be reached.`
  if (subject === '7') return `The mail server of ${who} refuses mail from us.`
  return `The mail could not be delivered to ${who}.`
}
