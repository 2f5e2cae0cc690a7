import type { SendError } from '../../src/wire/messages.ts'
import type { SendResult } from '../contract.ts'
import type { SmtpOutcome } from './send-smtp.ts'

/** Pauses before each further attempt, milliseconds: servers that greylist take the second one after minutes. */
const retryAfterMs = [60_000, 5 * 60_000, 15 * 60_000, 60 * 60_000] as const

/** Where a message leaves by, in the outbox's words. */
const route = 'smtp'

/** What a hand-over is judged by beside its outcome. */
export interface SendFacts {
  /** 1 for the first. */
  readonly attempt: number
  readonly messageId: string
}

/**
 * What an SMTP outcome means for the message: 2xx accepted, 4xx and no connection tried again, 5xx failed for good, and a
 * connection lost after the final dot unconfirmed: SMTP has no key by which a server would know a repeat (RFC 5321 §4.2.5).
 */
export function sendResultOf(outcome: SmtpOutcome, facts: SendFacts): SendResult {
  switch (outcome.status) {
    case 'taken':
      return {
        status: 'accepted',
        route,
        providerIds: [{ kind: 'email.messageId', value: facts.messageId }],
        ...(outcome.refused.length === 0 ? {} : { error: partlyRefused(outcome.refused) }),
      }
    case 'refused':
      return refused(outcome, facts)
    case 'unknown':
      return { status: 'unconfirmed', route, error: { code: 'timeout', detail: 'The mail server took the message and then said nothing.' } }
    case 'unreadable':
      return {
        status: 'rejected',
        error: { code: 'not_prepared', detail: 'The message could not be put together; an attachment may be missing.' },
      }
    case 'unreachable':
      return unreachable(outcome, facts)
  }
}

function partlyRefused(refused: Extract<SmtpOutcome, { status: 'taken' }>['refused']): SendError {
  const [first] = refused
  return {
    code: 'partly_refused',
    detail: `The mail server did not take it for ${refused.map(({ address }) => address).join(', ')}; the others get it.`,
    provider: { code: codeOf(first?.reply ?? ''), message: (first?.reply ?? '').slice(0, 1_000) },
  }
}

function refused(outcome: Extract<SmtpOutcome, { status: 'refused' }>, facts: SendFacts): SendResult {
  const { code, reply, at } = outcome
  const provider = { code: codeOf(reply) || String(code), message: reply.slice(0, 1_000) }
  if (at === 'login' && code >= 500) {
    const detail = 'The mail server does not accept the user name or password of this inbox; an administrator must renew it.'
    return { status: 'rejected', error: { code: 'auth', detail, provider }, health: 'auth_failed' }
  }
  if (code < 500) {
    return {
      status: 'retry',
      error: { code: 'unavailable', detail: 'The mail server asks to try again later.', provider },
      ...pause(facts),
    }
  }
  return { status: 'rejected', error: { ...refusalOf(code, reply), provider } }
}

/** Enhanced codes of RFC 3463 tell more than the three digits; servers without them are read by the digits. */
function refusalOf(code: number, reply: string): SendError {
  const enhanced = /\b5\.(\d{1,3})\.(\d{1,3})\b/.exec(reply)
  const subject = enhanced?.[1]
  const detail = enhanced?.[2]
  if (subject === '1' || (enhanced === null && (code === 550 || code === 553))) {
    return { code: 'no_such_address', detail: 'The mail server says that there is no such address.' }
  }
  if (subject === '2' && detail === '2') return { code: 'mailbox_full', detail: 'The mailbox of the recipient is full.' }
  if (code === 552 || (subject === '3' && detail === '4'))
    return { code: 'too_large', detail: 'The message is too large for the mail server.' }
  if (subject === '7') return { code: 'forbidden', detail: 'The mail server refuses the message by its policy.' }
  return { code: 'rejected', detail: 'The mail server refused the message.' }
}

function unreachable({ why, words }: Extract<SmtpOutcome, { status: 'unreachable' }>, facts: SendFacts): SendResult {
  const provider = { code: why, message: words }
  if (why === 'tls') {
    const detail = 'The connection to the mail server cannot be made secure; an administrator must check its certificate and encryption.'
    return { status: 'retry', error: { code: 'misconfigured', detail, provider }, health: 'degraded', ...pause(facts) }
  }
  if (why === 'login') {
    const detail = 'The mail server offers no way to log in that this inbox could use; an administrator must check its settings.'
    return { status: 'retry', error: { code: 'auth', detail, provider }, health: 'auth_failed', ...pause(facts) }
  }
  return {
    status: 'retry',
    error: { code: 'unreachable', detail: 'The mail server cannot be reached at the moment.', provider },
    ...pause(facts),
  }
}

function pause({ attempt }: SendFacts): { afterMs: number } {
  return { afterMs: retryAfterMs[Math.min(attempt, retryAfterMs.length) - 1] ?? retryAfterMs[0] }
}

/** The enhanced code, or the three digits. */
function codeOf(reply: string): string {
  return /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})/.exec(reply)?.[1] ?? /^\d{3}/.exec(reply)?.[0] ?? ''
}
