import { createHash } from 'node:crypto'
import { systemViewer } from '../../src/services/access/system-viewer.ts'
import { acceptPayloads } from '../../src/services/deliveries/accept-delivery.ts'
import { createInbox } from '../../src/services/inboxes/write-inbox.ts'
import type { Centre } from './centre.ts'
import type { TestHub } from './hub.ts'

let made = 0

/** A mailbox of a test centre that sends by `smtpPort`, and whose mail is put into the ledger by the test. */
export interface TestMailbox {
  readonly inboxId: string
  readonly address: string
  /** Takes a mail as if a server had handed it over; `to` are the envelope's recipients. */
  receive(raw: string, to?: readonly string[]): Promise<void>
}

/** Connects a mailbox to a centre. The hub must be allowed to reach `tcp://127.0.0.1:<port>`. */
export async function addMailbox(
  hub: TestHub,
  centre: Centre,
  smtpPort: number,
  config: Readonly<Record<string, unknown>> = {},
): Promise<TestMailbox> {
  made += 1
  const address = `help${made}@shop.test`
  const { id } = await createInbox(hub.ctx, systemViewer, {
    channel: 'email',
    name: `mail ${made}`,
    queueId: centre.queue('main'),
    locale: 'en',
    enabled: true,
    restricted: false,
    memberIds: [],
    reopenWindowMs: 3 * 86_400_000,
    config: {
      address,
      displayName: 'Shop',
      receive: 'none',
      smtpHost: '127.0.0.1',
      smtpPort,
      smtpSecurity: 'none',
      undoSendSeconds: 0,
      ...config,
    },
  })
  return {
    inboxId: id,
    address,
    receive: async (raw, to = [address]) => {
      const bytes = Buffer.from(raw.replaceAll(/\r?\n/g, '\r\n'))
      const payload = {
        kind: 'mail',
        via: 'smtp',
        receivedAt: hub.clock.now(),
        envelope: { from: '', to: [...to] },
        bytes: bytes.length,
        mime: { text: bytes.toString(), encoding: 'utf8' },
      }
      const externalId = createHash('sha256').update(bytes).update(to.join()).digest('hex')
      const accepted = await acceptPayloads(hub.ctx, await hub.ctx.inboxes.get(id), [{ externalId, raw: JSON.stringify(payload) }])
      if (accepted.some(({ outcome }) => outcome === 'quarantined')) throw new Error('The mail was quarantined.')
    },
  }
}
