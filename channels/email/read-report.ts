import type { MailReportDocument, ReportedRecipient } from './mail-document.ts'
import { messageIdsIn, plainAddress } from './read-headers.ts'

/** What a report is read from. */
export interface ReportParts {
  /** Body of `message/delivery-status` or `message/disposition-notification`. */
  readonly status: string | null
  readonly kind: 'delivery' | 'disposition' | null
  /** Head of the mail that came back: `message/rfc822` or `text/rfc822-headers`. */
  readonly original: string | null
  readonly text: string
  readonly failedRecipients: string
  readonly subject: string
  readonly fromDaemon: boolean
}

/** Recipients of one report that are looked at. */
const maxRecipients = 100

/**
 * What came back about mail of ours: RFC 3464 and RFC 8098 reports, and the bounces of servers that write prose (qmail,
 * Exim, Exchange, free-mail hosts). Null for mail that is none.
 */
export function readReport(parts: ReportParts): MailReportDocument | null {
  const originalId = parts.original === null ? null : originalIdOf(parts.original)
  if (parts.status !== null && parts.kind !== null) {
    const recipients = parts.kind === 'delivery' ? deliveryRecipients(parts.status) : dispositionRecipients(parts.status)
    const named = messageIdsIn(fieldOf(parts.status, 'original-message-id') ?? '')[0] ?? null
    return { kind: parts.kind, originalId: originalId ?? named, recipients }
  }
  if (!parts.fromDaemon && parts.failedRecipients === '') return null
  return proseReport(parts, originalId)
}

/** The id in the head of a mail that came back whole or in part. */
export function originalIdOf(head: string): string | null {
  const unfolded = head.slice(0, 64 * 1024).replaceAll(/\r?\n[ \t]+/g, ' ')
  const [, value] = /^message-id:(.*)$/im.exec(unfolded) ?? []
  return messageIdsIn(value ?? '')[0] ?? null
}

/** RFC 3464 §2.3: after the block about the report, one block for each recipient. */
function deliveryRecipients(status: string): ReportedRecipient[] {
  return blocksOf(status)
    .filter((block) => fieldOf(block, 'action') !== null)
    .slice(0, maxRecipients)
    .map((block) => ({
      // The original recipient is the one that was written to; the final one may be where it was forwarded.
      recipient: typedAddress(fieldOf(block, 'original-recipient')) ?? typedAddress(fieldOf(block, 'final-recipient')),
      action: (fieldOf(block, 'action') ?? '').toLowerCase().split(/[\s(;]/, 1)[0] ?? '',
      status: /\d\.\d{1,3}\.\d{1,3}/.exec(fieldOf(block, 'status') ?? '')?.[0] ?? null,
      diagnostic: wordsOf(fieldOf(block, 'diagnostic-code')),
    }))
}

/** RFC 8098 §3.2.6: `manual-action/MDN-sent-manually; displayed`. */
function dispositionRecipients(status: string): ReportedRecipient[] {
  const disposition = (fieldOf(status, 'disposition') ?? '').toLowerCase()
  const action = /;\s*(displayed|deleted|dispatched|processed)/.exec(disposition)?.[1] ?? ''
  const recipient = typedAddress(fieldOf(status, 'original-recipient')) ?? typedAddress(fieldOf(status, 'final-recipient'))
  return action === '' ? [] : [{ recipient, action, status: null, diagnostic: null }]
}

const failureWords =
  /undeliver|delivery (?:status notification )?\(?fail|delivery has failed|returned mail|failure notice|mail delivery fail|could not be delivered|wasn't delivered|was not delivered|permanent(?:ly)? (?:error|fail)|無法(?:傳遞|送達|遞送)|退信|系统退信|投递失败|配信不能|配信できません|送信できません/i
const delayWords = /delayed|warning: could not send|has not (?:yet )?been delivered|will (?:be )?retr|延遲|延迟|遅延/i

function proseReport(parts: ReportParts, originalId: string | null): MailReportDocument | null {
  const words = `${parts.subject}\n${parts.text}`.slice(0, 20_000)
  const failed = parts.failedRecipients !== '' || failureWords.test(words)
  const delayed = !failed && delayWords.test(words)
  if (!failed && !delayed) return null
  const id = originalId ?? idInProse(parts.text)
  const status = /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(words)?.[0] ?? null
  const recipients = recipientsInProse(parts).map((recipient) => ({
    recipient,
    action: delayed ? 'delayed' : 'failed',
    status,
    diagnostic: diagnosticInProse(parts.text),
  }))
  return {
    kind: 'unstructured',
    originalId: id,
    recipients:
      recipients.length > 0 ? recipients : [{ recipient: null, action: delayed ? 'delayed' : 'failed', status, diagnostic: null }],
  }
}

function idInProse(text: string): string | null {
  const [, value] = /^\s*>?\s*message-id:\s*(<[^<>\s]+>)/im.exec(text.slice(0, 100_000)) ?? []
  return value ?? null
}

function recipientsInProse({ failedRecipients, text }: ReportParts): string[] {
  const listed = failedRecipients.split(',').flatMap((address) => plainAddress(address.replace(/[<>]/g, '')) ?? [])
  if (listed.length > 0) return listed.slice(0, maxRecipients)
  const [address] = /[a-z0-9._%+-]{1,64}@[a-z0-9.-]{1,253}\.[a-z]{2,24}/i.exec(text.slice(0, 5_000)) ?? []
  return address === undefined ? [] : [address.toLowerCase()]
}

/** The line with the server's reply: `550 5.1.1 User unknown`. */
function diagnosticInProse(text: string): string | null {
  const [line] = /^.{0,200}\b[45]\d\d[ -](?:#?[45]\.\d{1,3}\.\d{1,3}\b)?.{0,400}$/m.exec(text.slice(0, 20_000)) ?? []
  return wordsOf(line ?? null)
}

function blocksOf(status: string): string[] {
  return status.replaceAll('\r\n', '\n').split(/\n\s*\n/)
}

function fieldOf(block: string, name: string): string | null {
  const unfolded = block.replaceAll('\r\n', '\n').replaceAll(/\n[ \t]+/g, ' ')
  const line = unfolded.split('\n').find((candidate) => candidate.toLowerCase().startsWith(`${name}:`))
  return line === undefined ? null : line.slice(name.length + 1).trim()
}

/** `rfc822; user@example.com` (RFC 3464 §2.3.1). */
function typedAddress(value: string | null): string | null {
  if (value === null) return null
  return plainAddress(value.slice(value.indexOf(';') + 1).replace(/[<>]/g, ''))
}

function wordsOf(value: string | null): string | null {
  if (value === null) return null
  const words = value
    .replace(/^\s*(?:smtp|x-[a-z-]+)\s*;/i, '')
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, 500)
  return words === '' ? null : words
}
