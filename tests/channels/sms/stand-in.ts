import type { Outbound, OutboundPart, Session } from '../../../channels/contract.ts'
import { sms } from '../../../channels/sms/index.ts'
import { createTwilioSandbox, type TwilioSandboxAccount } from '../../../channels/twilio/sandbox.ts'
import { createFakeClock, type FakeClock } from '../../../src/adapters/clock-fake.ts'
import { createEgress, type Fetch } from '../../../src/lib/egress.ts'
import { newId } from '../../../src/lib/ids.ts'
import { channelKit } from '../../support/channel-kit.ts'
import { quietLog } from '../../support/quiet-log.ts'

/** Settings of the account under test. */
export const settings = { accountSid: `AC${'c3'.repeat(16)}`, authToken: 'fedcba9876543210fedcba9876543210', from: '+12025550100' }

/** The customer of these tests. */
export const mei = '+12025550155'

/** A stand-in for Twilio with one number, and the adapter connected to it. */
export interface StandIn {
  readonly clock: FakeClock
  readonly origin: string
  readonly account: TwilioSandboxAccount
  /** Opens the adapter, with changed settings where given. */
  open(changes?: Readonly<Record<string, unknown>>, fetch?: Fetch): Session
  close(): Promise<void>
}

/** Starts the stand-in on a free port; nobody hears its webhooks. */
export async function startStandIn(more: { perSecond?: number } = {}): Promise<StandIn> {
  const clock = createFakeClock()
  const sandbox = createTwilioSandbox({ clock, fetch: () => Promise.reject(new Error('nobody listens')), log: quietLog })
  const { origin } = await sandbox.start()
  const smsUrl = 'https://hub.test/webhooks/sms/1'
  const account = sandbox.account({ ...settings, ...more, number: settings.from, displayName: 'Shop', smsUrl })
  const egress = createEgress({ allowedOrigins: [origin] })
  return {
    clock,
    origin,
    account,
    open: (changes = {}, fetch = egress.fetch) =>
      sms.open(sms.config.parse({ ...settings, apiBaseUrl: origin, ...changes }), channelKit({ fetch, now: () => clock.now() })),
    close: async () => {
      await sandbox.stop()
      egress.close()
    },
  }
}

/** An outgoing message to the customer. */
export function outbound(parts: readonly OutboundPart[] | string, more: Partial<Outbound> = {}): Outbound {
  return {
    outboxId: newId(),
    messageId: newId(),
    conversationId: newId(),
    retryKey: newId(),
    attempt: 1,
    threadKey: mei,
    address: { kind: 'phone', address: mei },
    parts: typeof parts === 'string' ? [{ type: 'text', text: parts }] : parts,
    quoted: null,
    claimReplyToken: async () => null,
    ...more,
  }
}

/** A picture of ours at its public address. */
export function picture(more: Partial<Extract<OutboundPart, { type: 'media' }>> = {}): OutboundPart {
  return { type: 'media', kind: 'image', url: 'https://hub.test/media/t/a.png', name: 'a.png', mime: 'image/png', bytes: 1_000, ...more }
}
