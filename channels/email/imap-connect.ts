import { isIP } from 'node:net'
import type { ImapFlow, ImapFlowOptions } from 'imapflow'
import { AppError } from '../../src/lib/errors.ts'
import type { ChannelKit } from '../contract.ts'
import { type EmailConfig, userOf } from './config.ts'
import type { Place } from './imap-trouble.ts'

/** How long connecting, TLS and log-in may take together, and how long a server may be silent; milliseconds. */
const connectTimeoutMs = 20_000
const silenceTimeoutMs = 120_000
/** IDLE is begun anew before servers and firewalls give it up (RFC 2177: 29 minutes at most; many cut after 10). */
const idleTurnMs = 240_000

/** Where the mailbox is. @throws AppError 'invalid_input' where the settings name none. */
export function imapPlace(config: EmailConfig): Place & { readonly what: 'IMAP' } {
  if (config.imapHost === undefined) throw new AppError('invalid_input', 'The settings name no IMAP host.')
  return { what: 'IMAP', host: config.imapHost, port: config.imapPort, security: config.imapSecurity, folder: config.folder }
}

/**
 * Connects and logs in. The client is good for one connection; its later errors end it and are told by its `close`.
 * @throws whatever `explainTrouble` puts into words.
 */
export async function connectImap(
  config: EmailConfig,
  kit: Pick<ChannelKit, 'resolve' | 'log'>,
  accessToken: (signal: AbortSignal) => Promise<string>,
  signal: AbortSignal,
): Promise<ImapFlow> {
  // A hub without mailboxes starts without it.
  const { ImapFlow } = await import('imapflow')
  const place = imapPlace(config)
  const client = new ImapFlow({
    ...optionsOf(place, await kit.resolve(place.host, place.port)),
    auth:
      config.auth === 'oauth2'
        ? { user: userOf(config), accessToken: await accessToken(signal) }
        : { user: userOf(config), pass: config.password ?? '' },
  })
  // Without a listener an error of a dead connection would take the process down.
  client.on('error', (error) => kit.log.info({ err: error }, 'IMAP connection ended'))
  const cut = () => client.close()
  signal.addEventListener('abort', cut, { once: true })
  client.once('close', () => signal.removeEventListener('abort', cut))
  try {
    await client.connect()
    return client
  } catch (error) {
    client.close()
    throw error
  }
}

/** Options of a connection without its log-in; `address` was checked, `host` is whom the certificate must name. */
export function optionsOf({ host, port, security }: Place, address: string): ImapFlowOptions {
  return {
    host: address,
    // A certificate names hosts; an address has no name to ask for (RFC 6066 §3).
    ...(isIP(host) === 0 ? { servername: host } : {}),
    port,
    secure: security === 'tls',
    // true refuses a server without STARTTLS; false never asks for it.
    ...(security === 'tls' ? {} : { doSTARTTLS: security === 'starttls' }),
    tls: { minVersion: 'TLSv1.2' },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    socketTimeout: silenceTimeoutMs,
    maxIdleTime: idleTurnMs,
    clientInfo: { name: 'Onequeue' },
  }
}
