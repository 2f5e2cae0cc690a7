import { createPrivateKey } from 'node:crypto'
import type { ChannelKit, MailIdentity, Outbound, OutboundMail, SendResult } from '../contract.ts'
import { type EmailConfig, ownAddresses, userOf } from './config.ts'
import { copyToSent } from './send-copy.ts'
import type { WrittenMail } from './send-message.ts'
import { createPace } from './send-pace.ts'
import { sendResultOf } from './send-result.ts'
import type { SmtpServer } from './send-smtp.ts'
import { threadAddress } from './thread-address.ts'

/** What sending needs beside settings and kit. */
export interface SendOptions {
  /** A token that is good now, where the account logs in by OAuth 2. */
  accessToken(signal: AbortSignal): Promise<string>
  /** What conversation addresses are proved with. */
  readonly threadKey: Buffer
}

/** Sends, and ends what is still being filed. */
export interface MailSender {
  send(out: Outbound, signal: AbortSignal): Promise<SendResult>
  /** Waits until copies under way are filed, or given up. */
  close(): Promise<void>
}

/** What the hub must know of this account before it writes a message. */
export function identityOf(config: EmailConfig): MailIdentity {
  const domain = config.address.slice(config.address.lastIndexOf('@') + 1)
  return {
    from: { address: config.address, name: config.displayName === '' ? null : config.displayName },
    sends: config.smtpHost !== undefined,
    own: ownAddresses(config),
    signature: config.signature,
    undoMs: config.undoSendSeconds * 1_000,
    messageId: (messageId) => `<${messageId}@${domain}>`,
  }
}

/**
 * Makes the sender of one account. Each message leaves over a connection of its own under a Message-ID that stays the
 * same for every attempt; a copy is filed with the sent mail afterwards, which changes nothing about the outcome.
 */
export function createSender(config: EmailConfig, kit: ChannelKit, options: SendOptions): MailSender {
  const pace = createPace(config.sendsPerMinute, () => kit.now())
  const stop = new AbortController()
  const copies = new Set<Promise<void>>()
  const file = (written: WrittenMail) => {
    const copy = copyToSent(config, kit, options, written, stop.signal).finally(() => copies.delete(copy))
    copies.add(copy)
  }
  return {
    send: async (out, signal) => {
      if (out.parts.some(({ type }) => type === 'sticker' || type === 'location')) {
        return { status: 'rejected', error: { code: 'unsupported', detail: 'Mail carries no stickers and places.' } }
      }
      const mail = out.mail ?? plainMail(config, out, kit.now())
      // A hub without mailboxes starts without the packages of sending.
      const [{ writeMail }, { sendBySmtp }] = await Promise.all([import('./send-message.ts'), import('./send-smtp.ts')])
      const written = writeMail(config, mail, config.plusAddress ? threadAddress(config, out.conversationId, options.threadKey) : null)
      if ('refusal' in written) return { status: 'rejected', error: { code: 'invalid_recipient', detail: written.refusal } }
      if (config.smtpHost === undefined) return rejected('This inbox has no SMTP server to send by; an administrator must name one.')
      if (!signable(config)) return rejected('The DKIM key of this inbox cannot be read; an administrator must set it again.')
      const waitMs = pace.take()
      if (waitMs > 0)
        return {
          status: 'retry',
          uncounted: true,
          afterMs: waitMs,
          error: { code: 'rate_limited', detail: 'The inbox sends as fast as it may.' },
        }
      const server = await serverOf(config, config.smtpHost, kit, options, signal).catch((error: unknown) => error)
      if (!isServer(server)) {
        kit.log.warn({ err: server }, 'no way to the SMTP server')
        return {
          status: 'retry',
          error: { code: 'unreachable', detail: 'The mail server cannot be reached at the moment.' },
          afterMs: 60_000,
        }
      }
      const outcome = await sendBySmtp(server, written.envelope, written.stream(), signal)
      const result = sendResultOf(outcome, { attempt: out.attempt, messageId: mail.head.messageId ?? '' })
      if (result.status === 'accepted' && config.copyToSent) file(written)
      return result
    },
    close: async () => {
      stop.abort()
      await Promise.allSettled(copies)
    },
  }
}

/** How to reach and enter the SMTP server of an account. @throws AppError where the host may not be reached or no token is had. */
export async function serverOf(
  config: EmailConfig,
  smtpHost: string,
  kit: Pick<ChannelKit, 'resolve'>,
  options: Pick<SendOptions, 'accessToken'>,
  signal: AbortSignal,
): Promise<SmtpServer> {
  const user = config.smtpUser ?? userOf(config)
  const password = config.smtpPassword ?? config.password
  return {
    host: await kit.resolve(smtpHost, config.smtpPort),
    serverName: smtpHost,
    port: config.smtpPort,
    security: config.smtpSecurity,
    clientName: config.address.slice(config.address.lastIndexOf('@') + 1),
    auth:
      config.auth === 'oauth2'
        ? { type: 'oauth2', user, accessToken: await options.accessToken(signal) }
        : password === undefined
          ? null
          : { type: 'password', user, password },
  }
}

/** The library would send a message unsigned where the key is none. */
function signable({ dkimPrivateKey }: EmailConfig): boolean {
  if (dkimPrivateKey === undefined) return true
  try {
    createPrivateKey(dkimPrivateKey)
    return true
  } catch {
    return false
  }
}

function isServer(server: unknown): server is SmtpServer {
  return typeof server === 'object' && server !== null && 'security' in server
}

function rejected(detail: string): SendResult {
  return { status: 'rejected', error: { code: 'misconfigured', detail } }
}

/** A message without a head of its own goes to the party of the thread, under the inbox's name. */
function plainMail(config: EmailConfig, out: Outbound, now: number): OutboundMail {
  const text = out.parts
    .map((part) => (part.type === 'text' ? part.text : part.type === 'media' ? part.url : ''))
    .filter((line) => line !== '')
  const identity = identityOf(config)
  return {
    head: {
      subject: identity.from.name ?? config.address,
      from: identity.from,
      replyTo: [],
      to: [{ address: out.address.address, name: null }],
      cc: [],
      bcc: [],
      messageId: identity.messageId(out.messageId),
      sentAt: null,
      hasHtml: false,
      hasSource: false,
      automatic: null,
      notices: [],
    },
    text: text.join('\n\n'),
    html: null,
    quote: null,
    references: [],
    files: [],
    locale: 'en',
    writtenAt: now,
  }
}
