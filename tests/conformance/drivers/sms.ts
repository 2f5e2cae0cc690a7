import twilio from 'twilio'
import type { RawRequest } from '../../../channels/contract.ts'
import { sms } from '../../../channels/sms/index.ts'
import { createTwilioSandbox } from '../../../channels/twilio/sandbox.ts'
import { createSystemClock } from '../../../src/adapters/clock-system.ts'
import { createEgress } from '../../../src/lib/egress.ts'
import { quietLog } from '../../support/quiet-log.ts'
import type { ChannelDriver, Item, Signing } from './driver.ts'

const authToken = '0123456789abcdef0123456789abcdef'
const settings = { accountSid: `AC${'a1'.repeat(16)}`, authToken, from: '+15005550006' }
const customer = '+12025550123'
const publicUrl = 'https://hub.example/webhooks/sms/1'

/** The id of an item in Twilio's form. */
const sidOf = (item: Item): string => `SM${Buffer.from(item.id).toString('hex').padEnd(32, '0').slice(0, 32)}`

function fieldsOf(item: Item): Record<string, string> {
  const common = { MessageSid: sidOf(item), AccountSid: settings.accountSid, To: settings.from, ApiVersion: '2010-04-01' }
  switch (item.kind) {
    case 'text':
      // A form is UTF-8 and cannot hold half of a surrogate pair.
      return { ...common, From: customer, NumMedia: '0', Body: item.text.replaceAll(/\p{Surrogate}/gu, '') }
    case 'unknown':
      return { ...common, From: customer, MessageType: 'somethingNew' }
    case 'poison':
      return { ...common, NumMedia: '0', Body: 'from nobody' }
  }
}

function signed(fields: Record<string, string>, signing: Signing): RawRequest {
  const token = signing === 'foreign' ? 'ffffffffffffffffffffffffffffffff' : authToken
  const signature = twilio.getExpectedTwilioSignature(token, publicUrl, fields)
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' }
  if (signing !== 'missing') headers['x-twilio-signature'] = signing === 'wrong' ? `A${signature.slice(1)}` : signature
  return { method: 'POST', path: '', publicUrl, headers, body: Buffer.from(new URLSearchParams(fields).toString()) }
}

/** Runs the SMS channel against the stand-in for Twilio; requests are signed by Twilio's own SDK. */
export const smsDriver: ChannelDriver = {
  channel: sms,
  settings,
  wrongSettings: [
    ['accountSid', { ...settings, accountSid: 'SK123' }],
    ['authToken', { ...settings, authToken: 'short' }],
    ['from', { ...settings, from: '0912 345 678 901' }],
    ['from', { accountSid: settings.accountSid, authToken }],
    ['messagingServiceSid', { ...settings, messagingServiceSid: 'MG1' }],
    ['apiKeySecret', { ...settings, apiKeySid: `SK${'b2'.repeat(16)}` }],
    ['apiBaseUrl', { ...settings, apiBaseUrl: 'https://api.twilio.com/2010-04-01' }],
    ['files', { ...settings, files: 'fax' }],
    ['maxPerMinute', { ...settings, maxPerMinute: 0 }],
  ],
  payload: (item) => ({
    externalId: sidOf(item),
    raw: `OnequeueReceivedAt=1767574800000&${new URLSearchParams(fieldsOf(item)).toString()}`,
  }),
  webhook: {
    single: true,
    request: ([item], signing) => signed(item === undefined ? {} : fieldsOf(item), signing),
    garbage: () => signed({ Something: 'else' }, 'valid'),
  },
  provider: {
    repeatable: false,
    start: async () => {
      const hub = createEgress()
      const sandbox = createTwilioSandbox({ clock: createSystemClock(), fetch: hub.fetch, log: quietLog })
      const { origin } = await sandbox.start()
      const account = sandbox.account({ ...settings, number: settings.from, displayName: 'Shop', smsUrl: publicUrl })
      const { person } = account.user(customer, 'Mei')
      const egress = createEgress({ allowedOrigins: [origin] })
      return {
        settings: { ...settings, apiBaseUrl: origin },
        threadKey: customer,
        address: { kind: 'phone', address: customer },
        seen: async () => person.entries.map(({ text }) => text),
        disturb: (fault) => {
          if (fault === 'refuse') account.failNext({ kind: 'answer', status: 400, body: { code: 21_614, message: 'No.', status: 400 } })
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
