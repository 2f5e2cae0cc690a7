import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Inbound, RawRequest } from '../../../channels/contract.ts'
import { sms } from '../../../channels/sms/index.ts'
import { signatureOf } from '../../../channels/twilio/sandbox/webhooks.ts'
import { channelKit } from '../../support/channel-kit.ts'
import { mei, settings } from './stand-in.ts'

const now = 1_767_574_800_000
const publicUrl = 'https://hub.test/base/webhooks/sms/1'

const open = (changes: Readonly<Record<string, unknown>> = {}) => {
  const { webhook, parse } = sms.open(sms.config.parse({ ...settings, ...changes }), channelKit({ now: () => now }))
  if (webhook === undefined) throw new Error('The channel should take webhooks.')
  return { webhook, parse }
}
const fixture = (name: string): string => readFileSync(new URL(`../../../channels/sms/fixtures/${name}.form`, import.meta.url), 'utf8')
const request = (body: string, url = publicUrl, headers: RawRequest['headers'] = {}): RawRequest => ({
  method: 'POST',
  path: '',
  publicUrl: url,
  headers,
  body: Buffer.from(body),
})
const read = (name: string, changes: Readonly<Record<string, unknown>> = {}, url = publicUrl): Inbound[] => {
  const { webhook, parse } = open(changes)
  return webhook.split(request(fixture(name), url)).flatMap(({ raw }) => parse(raw))
}
const whatsapp = { from: 'whatsapp:+12025550100' }

describe('what customers send', () => {
  it('a text comes from the number’s owner', () => {
    expect(read('text')).toEqual([
      {
        type: 'message',
        externalId: `SM${'1'.repeat(32)}`,
        occurredAt: now,
        threadKey: mei,
        party: { kind: 'phone', address: mei, verified: true },
        parts: [{ type: 'text', text: 'Is the 東方美人 in stock? 🍵' }],
      },
    ])
  })

  it('media say where their bytes are', () => {
    const media = `https://api.twilio.com/2010-04-01/Accounts/${settings.accountSid}/Messages/MM${'2'.repeat(32)}/Media/ME`
    const [message] = read('mms')
    expect(message?.type === 'message' ? message.parts : []).toEqual([
      { type: 'media', kind: 'image', mime: 'image/jpeg', source: { url: media + '3'.repeat(32) } },
      { type: 'media', kind: 'file', mime: 'text/x-vcard', source: { url: media + '4'.repeat(32) } },
    ])
  })

  it('a short code is nobody’s phone', () => {
    expect(read('short-code')).toMatchObject([{ type: 'message', party: { kind: 'external', address: 'sms:72323', verified: false } }])
  })

  it('a place on WhatsApp, by the person whose phone it is', () => {
    expect(read('whatsapp-location', whatsapp)).toMatchObject([
      {
        type: 'message',
        threadKey: 'whatsapp:+886912345678',
        party: { kind: 'phone', address: '+886912345678', verified: true, displayName: '美' },
        parts: [{ type: 'location', latitude: 25.0339, longitude: 121.5645, title: 'Taipei 101', address: 'No. 7' }],
      },
    ])
  })

  it('a touched button is a choice, and names what it answers', () => {
    expect(read('whatsapp-button', whatsapp)).toMatchObject([
      { type: 'message', parts: [{ type: 'choice', data: 'yes_1', label: 'Yes please' }], quotedExternalId: `SM${'b'.repeat(32)}` },
    ])
  })

  it('what has no content is a neutral line', () => {
    expect(read('unknown')).toMatchObject([{ type: 'system', code: 'sms.unknown', params: { kind: 'reaction' } }])
  })

  it('a message to another number than the inbox’s is not understood', () => {
    expect(() => read('text', { from: '+12025550199' })).toThrow('another number')
  })

  it('a messaging service takes messages to each of its numbers', () => {
    const { from: _own, ...service } = settings
    const { webhook, parse } = sms.open(
      sms.config.parse({ ...service, messagingServiceSid: `MG${'6'.repeat(32)}` }),
      channelKit({ now: () => now }),
    )
    expect(webhook?.split(request(fixture('text'))).flatMap(({ raw }) => parse(raw))).toMatchObject([{ type: 'message' }])
  })
})

describe('opting out and in', () => {
  const told = (name: string, changes: Readonly<Record<string, unknown>> = {}) =>
    read(name, changes).map((item) => (item.type === 'reachability' ? `reachable: ${item.reachable}` : item.type))

  it('STOP ends it, whatever its case, and is nobody’s work', () => expect(told('stop')).toEqual(['reachable: false']))
  it('a word that may be an answer is read as well', () => expect(told('cancel')).toEqual(['message', 'reachable: false']))
  it('the provider’s own verdict wins', () => expect(told('start-advanced')).toEqual(['reachable: true']))
  it('is a text like any other where the account says so', () => expect(told('stop', { optOutWords: false })).toEqual(['message']))
})

describe('what becomes of our messages', () => {
  const about = `${publicUrl}/status?message=0192aaaa-bbbb-7ccc-8ddd-eeeeffff0000`

  it.each([
    ['status-sent', 'accepted'],
    ['status-delivered', 'delivered'],
    ['status-undelivered', 'failed'],
  ])('%s: %s, about the message the address names', (name, status) => {
    expect(read(name, {}, about)).toMatchObject([
      {
        type: 'receipt',
        status,
        targetProviderId: `SM${'e'.repeat(32)}`,
        targetMessageId: '0192aaaa-bbbb-7ccc-8ddd-eeeeffff0000',
      },
    ])
  })

  it('an error is told in words, with the code as it came', () => {
    const [report] = read('status-undelivered', {}, about)
    expect(report).toMatchObject({ error: { code: 'filtered', detail: expect.stringContaining('carrier'), provider: { code: '30007' } } })
  })

  it('a refusal because of an opt-out also tells of the opt-out', () => {
    expect(read('status-opted-out')).toMatchObject([
      { type: 'receipt', status: 'failed', error: { code: 'opted_out' } },
      { type: 'reachability', reachable: false },
    ])
  })

  it('of a status that is not known nothing follows', () => expect(read('status-unknown')).toEqual([]))

  it('each status is a payload of its own, and the same one again is known', () => {
    const { webhook } = open()
    const idOf = (name: string) => webhook.split(request(fixture(name))).map(({ externalId }) => externalId)
    expect(idOf('status-sent')).not.toEqual(idOf('status-delivered'))
    expect(idOf('status-sent')).toEqual(idOf('status-sent'))
  })
})

describe('signatures', () => {
  // The vector of Twilio's documentation.
  it('is the documented one', () => {
    const fields = { CallSid: 'CA1234567890ABCDE', Caller: '+14158675309', Digits: '1234', From: '+14158675309', To: '+18005551212' }
    expect(signatureOf('12345', 'https://mycompany.com/myapp.php?foo=1&bar=2', fields)).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=')
  })

  const fields = Object.fromEntries(new URLSearchParams(fixture('text')))
  const signed = (token: string, url = publicUrl) =>
    request(fixture('text'), publicUrl, { 'x-twilio-signature': signatureOf(token, url, fields) })

  it('holds over the public address with its path, whatever proxies make of the rest', () => {
    expect(open().webhook.verify(signed(settings.authToken))).toBe(true)
    expect(open().webhook.verify(signed(settings.authToken, 'http://10.0.0.7:3000/webhooks/sms/1'))).toBe(false)
    expect(open().webhook.verify(signed(settings.authToken, `${publicUrl}?message=1`))).toBe(false)
  })

  it('holds by the former token while the new one is rolled out', () => {
    const former = '00000000000000000000000000000000'
    expect(open().webhook.verify(signed(former))).toBe(false)
    expect(open({ previousAuthToken: former }).webhook.verify(signed(former))).toBe(true)
  })

  it('of another account is refused, although the token fits', () => {
    expect(open({ accountSid: `AC${'0'.repeat(32)}` }).webhook.verify(signed(settings.authToken))).toBe(false)
  })

  it('covers names that are repeated and fields that are empty', () => {
    const body = 'AccountSid=&a=2&a=1&b='
    const url = 'https://hub.test/webhooks/sms/1'
    const signature = signatureOf(settings.authToken, url, { AccountSid: '', a: '1a2', b: '' })
    expect(open().webhook.verify(request(body, url, { 'x-twilio-signature': signature }))).toBe(true)
    expect(open().webhook.verify(request(`${body}&c=`, url, { 'x-twilio-signature': signature }))).toBe(false)
  })
})
