import { AppError } from '../../src/lib/errors.ts'
import type { Capabilities } from '../../src/wire/inboxes.ts'
import { type Channel, type ChannelKit, defineChannel, type Session } from '../contract.ts'
import { type EmailConfig, emailConfigSchema, emailSecretKeys } from './config.ts'
import { listenToMailbox } from './listen.ts'
import { createAccessTokens } from './oauth.ts'
import { createSender, identityOf } from './outbound.ts'
import { shareReader } from './shared-reader.ts'
import { fetchMedia, openSource, readStored } from './stored-mail.ts'

/** What common servers take of attachments, bytes: 25 MB grow by a third on the way. */
const maxFileBytes = 25 * 1024 * 1024

/** That a mail arrived is proven by a delivery report at best. */
const capabilities: Capabilities = {
  textMaxChars: null,
  maxParts: 30,
  media: ['image', 'video', 'audio', 'file'],
  mediaMaxBytes: { image: maxFileBytes, video: maxFileBytes, audio: maxFileBytes, file: maxFileBytes },
  stickers: false,
  location: false,
  quote: true,
  mail: true,
  typingIn: false,
  typingOut: false,
  readIn: false,
  readOut: false,
  provable: 'delivered',
  parkAfterMs: 15 * 60_000,
}

/** Mailboxes, read over IMAP or by our own SMTP listener, answered over SMTP. */
export const email: Channel = defineChannel({
  id: 'email',
  capabilities,
  config: emailConfigSchema,
  secretKeys: emailSecretKeys,
  listens: true,
  open: openMailbox,
})

function openMailbox(config: EmailConfig, kit: ChannelKit): Session {
  const accessToken = createAccessTokens(config, kit)
  const threadKey = kit.key('conversation address v1')
  const sender = createSender(config, kit, { accessToken, threadKey })
  const { reader, release } = shareReader()
  return {
    parse: () => {
      throw new AppError('bug', 'A mail is read in a thread of its own; ask `read`.')
    },
    read: (raw) => readStored(raw, reader, { config, kit, threadKey }),
    openSource: (raw) => openSource(raw, kit),
    fetchMedia: (source) => fetchMedia(source, reader, kit),
    ...(config.receive === 'imap' ? { listen: (ear) => listenToMailbox(config, kit, ear, accessToken) } : {}),
    check: async function* (signal) {
      const { checkMailbox } = await import('./check.ts')
      yield* checkMailbox(config, kit, accessToken, signal)
    },
    send: sender.send,
    mail: identityOf(config),
    close: async () => {
      await sender.close()
      await release()
    },
  }
}
