import type { MailAutomatic } from '../../src/wire/mail.ts'
import type { EmailConfig } from './config.ts'
import type { MailDocument, MailHeaders } from './mail-document.ts'
import { isOwnRecipient } from './thread-address.ts'

/**
 * What kind of automatic mail it is, or null for a person's. Sources: RFC 3834 §2 and §5, RFC 2919 and 2369 (lists), RFC
 * 3464 and 8098 (reports), MS-OXCMAIL (X-Auto-Response-Suppress), and what answering machines add in practice.
 */
export function automaticKindOf(document: MailDocument, config: Pick<EmailConfig, 'address' | 'aliases'>): MailAutomatic | null {
  const { headers, report } = document
  if (report !== null) return report.kind === 'disposition' ? 'receipt' : 'bounce'
  const { marks } = headers
  const submitted = (marks['auto-submitted'] ?? 'no').toLowerCase().split(/[\s;(]/, 1)[0] ?? 'no'
  const precedence = (marks.precedence ?? '').toLowerCase().trim()
  if (marks['x-onequeue-id'] !== undefined || isOwnMail(headers, config)) return 'own'
  if (submitted === 'auto-replied' || precedence === 'auto_reply') return 'auto_reply'
  if (marks['x-autoreply'] !== undefined || marks['x-autorespond'] !== undefined || marks['x-autoresponder'] !== undefined)
    return 'auto_reply'
  if (['bulk', 'junk', 'list'].includes(precedence) || isList(marks)) return 'bulk'
  if (submitted !== 'no') return 'auto_generated'
  if (/\b(all|oof|autoreply)\b/i.test(marks['x-auto-response-suppress'] ?? '')) return 'auto_generated'
  if (headers.returnPath === '' || isMachine(headers)) return 'auto_generated'
  return null
}

/** A form of the site's own may send as us for a customer: then the customer is where answers go. */
function isOwnMail({ from, replyTo }: MailHeaders, config: Pick<EmailConfig, 'address' | 'aliases'>): boolean {
  const own = (address: string | undefined) => address !== undefined && isOwnRecipient(config, address)
  return own(from[0]?.address) && !replyTo.some(({ address }) => !own(address))
}

function isList(marks: Readonly<Record<string, string>>): boolean {
  return ['list-id', 'list-unsubscribe', 'list-post', 'feedback-id'].some((name) => marks[name] !== undefined)
}

function isMachine({ from }: MailHeaders): boolean {
  return /^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|donotreply)([+.-].*)?@/.test(from[0]?.address ?? '')
}

/**
 * What the receiving server found about the author's domain (RFC 8601): true proven, false refuted, null not said. Only the
 * topmost header of the server named in the settings counts; anybody can write the others.
 */
export function provenAuthor(headers: MailHeaders, authServId: string): boolean | null {
  if (authServId === '') return null
  const [top] = headers.authResults
  if (top === undefined || (top.split(/[;\s]/, 1)[0] ?? '').toLowerCase() !== authServId.toLowerCase()) return null
  const verdict = (method: string) => new RegExp(`(?:^|[;\\s])${method}\\s*=\\s*([a-z]+)`, 'i').exec(top)?.[1]?.toLowerCase() ?? null
  const dmarc = verdict('dmarc')
  if (dmarc === 'pass') return true
  if (dmarc === 'fail') return false
  const domain = (headers.from[0]?.address ?? '').split('@').at(-1) ?? ''
  const signed = new RegExp(
    `dkim\\s*=\\s*pass[^;]*header\\.(?:d|i)=@?${domain.replaceAll(/[^a-z0-9.-]/gi, '').replaceAll('.', '\\.')}(?:[\\s;]|$)`,
    'i',
  )
  if (domain !== '' && signed.test(top)) return true
  return verdict('spf') === 'fail' && verdict('dkim') !== 'pass' ? false : null
}
