import type { Outbound, OutboundPart, Session } from '../../../channels/contract.ts'
import { line } from '../../../channels/line/index.ts'
import { createLineSandbox, type LineSandboxAccount } from '../../../channels/line/sandbox.ts'
import { createFakeClock, type FakeClock } from '../../../src/adapters/clock-fake.ts'
import { createEgress, type Fetch } from '../../../src/lib/egress.ts'
import { newId } from '../../../src/lib/ids.ts'
import { channelKit } from '../../support/channel-kit.ts'
import { quietLog } from '../../support/quiet-log.ts'

/** Settings of the account under test. */
export const settings = {
  channelId: '1657000002',
  channelSecret: 'fedcba9876543210fedcba9876543210',
  channelAccessToken: 'access-token-of-the-account-under-test',
  providerId: '1650000002',
}

/** A stand-in platform with one account, and the adapter connected to it. */
export interface StandIn {
  readonly clock: FakeClock
  readonly origin: string
  readonly account: LineSandboxAccount
  readonly fetch: Fetch
  /** Opens the adapter, with changed settings where given. */
  open(changes?: Readonly<Record<string, unknown>>, fetch?: Fetch): Session
  close(): Promise<void>
}

/** Starts the platform on a free port; without a `webhookUrl` nobody listens, and nothing comes again. */
export async function startStandIn(webhookUrl?: string): Promise<StandIn> {
  const clock = createFakeClock()
  const hooks = createEgress({ allowedOrigins: webhookUrl === undefined ? [] : [new URL(webhookUrl).origin] })
  const sandbox = createLineSandbox({ clock, fetch: hooks.fetch, log: quietLog, insecureMediaHosts: ['hub.test'] })
  const { origin } = await sandbox.start()
  const account = sandbox.account({
    ...settings,
    displayName: 'Shop',
    webhookUrl: webhookUrl ?? 'http://127.0.0.1:9/none',
    redelivers: webhookUrl !== undefined,
  })
  const egress = createEgress({ allowedOrigins: [origin] })
  return {
    clock,
    origin,
    account,
    fetch: egress.fetch,
    open: (changes = {}, fetch = egress.fetch) =>
      line.open(
        line.config.parse({ ...settings, apiBaseUrl: origin, apiDataBaseUrl: origin, ...changes }),
        channelKit({ publicUrl: 'http://hub.test', fetch, now: () => clock.now() }),
      ),
    close: async () => {
      await sandbox.stop()
      egress.close()
      hooks.close()
    },
  }
}

/** An outgoing message to a thread. */
export function outbound(threadKey: string, parts: readonly OutboundPart[] | string, more: Partial<Outbound> = {}): Outbound {
  return {
    outboxId: newId(),
    messageId: newId(),
    conversationId: newId(),
    retryKey: newId(),
    attempt: 1,
    threadKey,
    address: { kind: 'line', address: `${settings.providerId}:${threadKey}` },
    parts: typeof parts === 'string' ? [{ type: 'text', text: parts }] : parts,
    quoted: null,
    claimReplyToken: async () => null,
    ...more,
  }
}

/** Never aborts. */
export const patient: AbortSignal = new AbortController().signal
