import type { ImapFlow } from 'imapflow'
import { AppError } from '../../src/lib/errors.ts'
import type { ChannelKit } from '../contract.ts'
import type { EmailConfig } from './config.ts'

/** A folder is looked at so often even while IDLE is silent: half-open connections tell nothing. */
const watchdogMs = 180_000

/** Waits for the next sign that mail may have come. Begin it before looking, so that nothing falls between. */
export interface News {
  /** Resolves with the sign, or when it is time to look anyway. @throws when the connection ends. */
  next(): Promise<void>
  end(): void
}

/** Hears of new mail by IDLE (RFC 2177) where the server has it, by asking now and then where it has not. */
export function waitForNews(client: ImapFlow, kit: Pick<ChannelKit, 'after'>, config: EmailConfig, signal: AbortSignal): News {
  let wake: () => void = () => undefined
  let fail: (error: Error) => void = () => undefined
  const sign = new Promise<void>((resolve, reject) => {
    wake = resolve
    fail = reject
  })
  sign.catch(() => undefined)
  const closed = () => fail(new AppError('provider_unavailable', 'The mail server closed the connection.'))
  client.on('exists', wake)
  client.once('close', closed)
  signal.addEventListener('abort', wake, { once: true })
  let cancel: () => void = () => undefined
  return {
    next: async () => {
      if (!client.usable) closed()
      const idles = client.capabilities.has('IDLE')
      cancel = kit.after(idles ? watchdogMs : config.pollSeconds * 1_000, wake)
      if (idles) client.idle().catch(() => undefined)
      await sign
      // Without IDLE a server tells of new mail only in answer to a command.
      if (!signal.aborted) await client.noop()
    },
    end: () => {
      cancel()
      client.off('exists', wake)
      client.off('close', closed)
      signal.removeEventListener('abort', wake)
    },
  }
}
