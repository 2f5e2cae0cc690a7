import { createHmac } from 'node:crypto'
import { line } from '../../../channels/line/index.ts'
import { createLineSandbox } from '../../../channels/line/sandbox.ts'
import { createSystemClock } from '../../../src/adapters/clock-system.ts'
import { createEgress } from '../../../src/lib/egress.ts'
import { quietLog } from '../../support/quiet-log.ts'
import type { ChannelDriver, Item, Signing } from './driver.ts'

const channelSecret = '0123456789abcdef0123456789abcdef'
const settings = {
  channelId: '1657000001',
  channelSecret,
  channelAccessToken: 'access-token-of-the-conformance-account',
  providerId: '1650000001',
  botUserId: 'U7c1f0e9d8b7a6c5d4e3f2a1b0c9d8e7f',
}
const userId = 'U4af4980629e7d3a1c0b5e2f9a6d81b37'

function eventOf(item: Item, redelivered: boolean): object {
  const common = {
    webhookEventId: `01${item.id}`,
    deliveryContext: { isRedelivery: redelivered },
    timestamp: 1_767_574_800_000,
    source: { type: 'user', userId },
    mode: 'active',
  }
  switch (item.kind) {
    case 'text':
      return { type: 'message', message: { type: 'text', id: item.id, text: item.text, quoteToken: 'q' }, ...common }
    case 'unknown':
      return { type: 'somethingNew', facts: { a: 1 }, ...common }
    case 'poison':
      return { type: 'message', message: { type: 'text', id: item.id, text: 7 }, ...common }
  }
}

const bodyOf = (events: readonly object[]): string => JSON.stringify({ destination: settings.botUserId, events })

function signed(body: string, signing: Signing) {
  const secret = signing === 'foreign' ? 'ffffffffffffffffffffffffffffffff' : channelSecret
  const signature = createHmac('sha256', secret).update(body).digest('base64')
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (signing !== 'missing') headers['x-line-signature'] = signing === 'wrong' ? `A${signature.slice(1)}` : signature
  return {
    method: 'POST',
    path: '',
    publicUrl: 'https://hub.example/webhooks/line/1',
    headers,
    body: Buffer.from(body),
  }
}

/** Runs the LINE channel against the stand-in platform. */
export const lineDriver: ChannelDriver = {
  channel: line,
  settings,
  wrongSettings: [
    ['channelSecret', { ...settings, channelSecret: '' }],
    ['channelAccessToken', { ...settings, channelAccessToken: 'with a space in the middle' }],
    ['providerId', { ...settings, providerId: 'a:b' }],
    ['apiBaseUrl', { ...settings, apiBaseUrl: 'https://api.line.me/v2' }],
    ['apiDataBaseUrl', { ...settings, apiDataBaseUrl: 'file:///etc/passwd' }],
    ['sendPolicy', { ...settings, sendPolicy: 'both' }],
  ],
  payload: (item) => ({ externalId: `01${item.id}`, raw: bodyOf([eventOf(item, false)]) }),
  webhook: {
    request: (items, signing, redelivered = false) => signed(bodyOf(items.map((item) => eventOf(item, redelivered))), signing),
    garbage: () => signed('{"destination":', 'valid'),
  },
  provider: {
    repeatable: true,
    start: async () => {
      const hub = createEgress()
      const sandbox = createLineSandbox({ clock: createSystemClock(), fetch: hub.fetch, log: quietLog })
      const { origin } = await sandbox.start()
      const account = sandbox.account({ ...settings, displayName: 'Shop', webhookUrl: 'http://127.0.0.1:9/' })
      account.user({ userId, displayName: 'Mei' })
      const egress = createEgress({ allowedOrigins: [origin] })
      return {
        settings: { ...settings, apiBaseUrl: origin, apiDataBaseUrl: origin },
        threadKey: userId,
        address: { kind: 'line', address: `${settings.providerId}:${userId}` },
        seen: async () => account.thread(userId).entries.map((entry) => String(entry.message.text)),
        disturb: (fault) => {
          if (fault === 'refuse') account.failNext({ kind: 'answer', status: 400, body: { message: 'No.' } })
          else if (fault === 'unavailable') account.failNext({ kind: 'answer', status: 500, body: {} })
          else account.failNext({ kind: fault })
        },
        fetch: egress.fetch,
        close: async () => {
          await sandbox.stop()
          egress.close()
          hub.close()
        },
      }
    },
  },
}
