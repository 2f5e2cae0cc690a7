import type { ImapFlow } from 'imapflow'
import type { ChannelKit } from '../contract.ts'
import { type EmailConfig, userOf } from './config.ts'
import type { SendOptions } from './outbound.ts'
import type { WrittenMail } from './send-message.ts'

const copyTimeoutMs = 60_000

/**
 * Files a sent mail in the mailbox's folder of sent mail (the one of the settings, or the one marked `\Sent`, RFC 6154).
 * Never throws: a copy that cannot be filed is logged, and the mail has been sent all the same.
 */
export async function copyToSent(
  config: EmailConfig,
  kit: ChannelKit,
  options: Pick<SendOptions, 'accessToken'>,
  written: WrittenMail,
  stop: AbortSignal,
): Promise<void> {
  if (config.receive !== 'imap' || config.imapHost === undefined) return
  const signal = AbortSignal.any([stop, AbortSignal.timeout(copyTimeoutMs)])
  try {
    const client = await clientOf(config, config.imapHost, kit, options, signal)
    const end = () => client.close()
    signal.addEventListener('abort', end, { once: true })
    try {
      await client.connect()
      const folder = config.sentFolder ?? (await client.list()).find((box) => box.specialUse === '\\Sent')?.path
      if (folder === undefined) return
      await client.append(folder, await written.copy(), ['\\Seen'])
      await client.logout()
    } finally {
      signal.removeEventListener('abort', end)
      client.close()
    }
  } catch (error) {
    kit.log.warn({ err: error }, 'the copy of a sent mail could not be filed')
  }
}

async function clientOf(
  config: EmailConfig,
  imapHost: string,
  kit: ChannelKit,
  options: Pick<SendOptions, 'accessToken'>,
  signal: AbortSignal,
): Promise<ImapFlow> {
  const { ImapFlow } = await import('imapflow')
  const user = userOf(config)
  const client = new ImapFlow({
    host: await kit.resolve(imapHost, config.imapPort),
    servername: imapHost,
    port: config.imapPort,
    secure: config.imapSecurity === 'tls',
    doSTARTTLS: config.imapSecurity === 'starttls' ? true : config.imapSecurity === 'none' ? false : undefined,
    auth: config.auth === 'oauth2' ? { user, accessToken: await options.accessToken(signal) } : { user, pass: config.password ?? '' },
    logger: false,
    disableAutoIdle: true,
  })
  client.on('error', (error: unknown) => kit.log.warn({ err: error }, 'the connection for a sent copy failed'))
  return client
}
