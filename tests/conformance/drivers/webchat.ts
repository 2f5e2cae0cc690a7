import { webchat } from '../../../channels/webchat/index.ts'
import { type WebchatPayload, webchatPayloadId } from '../../../src/wire/webchat.ts'
import type { ChannelDriver, Item } from './driver.ts'

const settings = { allowedOrigins: ['https://shop.example'], color: '#3f6b4f', identitySecret: 'a secret of sixteen and more' }
const visitorId = 'Zk3xvH0QTyq1m8o2n4pLwA'
const at = 1_767_574_800_000

/** A browser may only send ids of letters and digits; the suite's are shorter than those it makes. */
const clientIdOf = (item: Item) => `client-${item.id}`

function rawOf(item: Item): string {
  const common = { version: 1, visitorId, clientId: clientIdOf(item), at }
  switch (item.kind) {
    case 'text':
      return JSON.stringify({ ...common, kind: 'message', parts: [{ type: 'text', text: item.text }] })
    case 'unknown':
      return JSON.stringify({ ...common, kind: 'hologram' })
    case 'poison':
      return JSON.stringify({ ...common, kind: 'message', parts: [{ type: 'text', text: 7 }] })
  }
}

/** Web chat is its own provider and has no webhook: its messages come through the gateway's ledger payloads. */
export const webchatDriver: ChannelDriver = {
  channel: webchat,
  settings,
  wrongSettings: [
    ['allowedOrigins', { ...settings, allowedOrigins: ['https://shop.example/path'] }],
    ['allowedOrigins', { ...settings, allowedOrigins: ['*'] }],
    ['allowedOrigins', { ...settings, allowedOrigins: ['https://a;frame-ancestors'] }],
    ['allowedOrigins', { ...settings, allowedOrigins: ['https://shop.example:443'] }],
    ['allowedOrigins', { ...settings, allowedOrigins: ['javascript:alert(1)'] }],
    ['allowedOrigins', { ...settings, allowedOrigins: ['https://*.example'] }],
    ['color', { ...settings, color: 'red' }],
    ['identitySecret', { ...settings, identitySecret: 'short' }],
    ['retentionDays', { ...settings, retentionDays: 0 }],
    ['maxFileBytes', { ...settings, maxFileBytes: -1 }],
  ],
  payload: (item) => {
    const payload: WebchatPayload = {
      version: 1,
      kind: 'message',
      visitorId,
      clientId: clientIdOf(item),
      at,
      parts: [{ type: 'text', text: 'x' }],
    }
    return { externalId: webchatPayloadId(payload), raw: rawOf(item) }
  },
  webhook: null,
  provider: null,
}
