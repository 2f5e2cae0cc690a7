import { AppError } from '../../src/lib/errors.ts'
import type { InboxHealth } from '../../src/wire/inboxes.ts'

/** What is wrong with a connection, for the administrator, and whether waiting alone can mend it. */
export interface Trouble {
  readonly state: InboxHealth['state']
  readonly detail: string
  /** It stays until somebody acts: tell at once, and ask the server seldom. */
  readonly lasting: boolean
}

/** Where a connection goes, for sentences. */
export interface Place {
  readonly what: 'IMAP' | 'SMTP'
  readonly host: string
  readonly port: number
  readonly security: 'tls' | 'starttls' | 'none'
  readonly folder?: string
}

interface MailError extends Error {
  readonly code?: string
  readonly authenticationFailed?: boolean
  readonly responseText?: string
  readonly serverResponseCode?: string
  readonly mailboxMissing?: boolean
  readonly tlsFailed?: boolean
}

const certificateTrouble: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'has expired; renew it on the server',
  CERT_NOT_YET_VALID: 'is not valid yet; look at the clocks of both machines',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is made out for another host name; use the name it is made out for',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is self-signed; use one of a known authority, or give the hub yours with NODE_EXTRA_CA_CERTS',
  SELF_SIGNED_CERT_IN_CHAIN: 'comes from an unknown authority; give the hub its certificate with NODE_EXTRA_CA_CERTS',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'lacks its intermediate certificates; install the whole chain on the server',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'comes from an unknown authority; give the hub its certificate with NODE_EXTRA_CA_CERTS',
  CERT_REVOKED: 'was revoked; renew it on the server',
}

/** Says what an error of a mail connection means and what to do. */
export function explainTrouble(thrown: unknown, place: Place): Trouble {
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as MailError
  if (error instanceof AppError) return ofAppError(error)
  const server = `${place.host}:${place.port}`
  const code = codeOf(error)
  const degraded = (detail: string, lasting: boolean): Trouble => ({ state: 'degraded', detail, lasting })
  const certificate = certificateTrouble[code]
  if (certificate !== undefined) return degraded(`The certificate of ${server} ${certificate}.`, true)
  if (error.authenticationFailed === true || code === 'AUTHENTICATIONFAILED') return refusedLogin(error, server)
  if (error.mailboxMissing === true || code === 'NONEXISTENT') {
    return degraded(`There is no folder "${place.folder ?? ''}" in the mailbox; choose another in the settings.`, true)
  }
  if (place.security === 'starttls' && /starttls/i.test(error.message)) {
    return degraded(`${server} offers no STARTTLS; use its TLS port (993) instead, or let its operator turn STARTTLS on.`, true)
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return degraded(`The host name "${place.host}" has no address; look at its spelling.`, code === 'ENOTFOUND')
  if (code === 'ECONNREFUSED') return degraded(`Nothing answers at ${server}; look at the port, and whether the server runs.`, false)
  if (/EPROTO|wrong version number|packet length too long/i.test(`${code} ${error.message}`)) {
    return degraded(`${server} does not speak TLS; choose STARTTLS, or the port for TLS.`, true)
  }
  if (/TIMEDOUT|TIMEOUT/i.test(code)) return degraded(`${server} does not answer in time; a firewall may be in the way.`, false)
  return degraded(`The connection to ${server} breaks off: ${wordsOf(error)}`, false)
}

function ofAppError(error: AppError): Trouble {
  if (error.kind === 'provider_rejected') return { state: 'auth_failed', detail: error.message, lasting: true }
  return { state: 'degraded', detail: error.message, lasting: error.kind === 'invalid_input' }
}

function refusedLogin(error: MailError, server: string): Trouble {
  const words = error.responseText === undefined || error.responseText === '' ? '' : ` It says: "${error.responseText.slice(0, 200)}".`
  const detail = /unsupported authentication|no supported auth/i.test(error.message)
    ? `${server} offers no way to log in that fits these settings; choose another kind of log-in.`
    : `${server} refuses the log-in; look at user name and password. Some providers want an app password, or IMAP switched on first.${words}`
  return { state: 'auth_failed', detail, lasting: true }
}

function codeOf(error: MailError): string {
  const cause = error.cause instanceof Error && 'code' in error.cause ? String(error.cause.code) : undefined
  if (error.code !== undefined && error.code in certificateTrouble) return error.code
  if (cause !== undefined && cause in certificateTrouble) return cause
  return error.serverResponseCode ?? error.code ?? cause ?? ''
}

function wordsOf(error: MailError): string {
  return (error.responseText ?? error.message).replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').slice(0, 200)
}
