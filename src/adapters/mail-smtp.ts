import { createTransport } from 'nodemailer'
import { AppError } from '../lib/errors.ts'
import type { MailTransport } from '../ports/mail.ts'
import { checkedMail } from './mail-message.ts'

const timeoutMs = 15_000

/** Where and as whom mail leaves. */
export interface SmtpMailOptions {
  /** `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`; `smtp://` on loopback may go without TLS. */
  readonly url: string
  /** `Name <address>` or an address. */
  readonly from: string
}

/** Sends over one SMTP server, with encryption everywhere but on loopback. */
export function createSmtpMail({ url, from }: SmtpMailOptions): MailTransport {
  const { protocol, hostname, port, username, password } = new URL(url)
  const secure = protocol === 'smtps:'
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
  const transport = createTransport({
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && !loopback,
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    send: async (mail) => {
      const { to, subject, text } = checkedMail(mail)
      try {
        await transport.sendMail({ from, to: { name: '', address: to }, subject, text, headers: { 'Auto-Submitted': 'auto-generated' } })
      } catch (cause) {
        throw new AppError('provider_unavailable', 'The mail server did not take the mail.', {}, { cause })
      }
    },
    close: () => transport.close(),
  }
}
