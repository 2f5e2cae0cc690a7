import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OutboundPart, SendResult } from '../../../channels/contract.ts'
import { meaningOf } from '../../../channels/sms/errors.ts'
import { mei, outbound, picture, type StandIn, settings, startStandIn } from './stand-in.ts'

let standIn: StandIn
beforeAll(async () => {
  standIn = await startStandIn()
})
afterAll(() => standIn.close())

const never = new AbortController().signal
const lastForm = () => standIn.account.calls().at(-1)?.form
const send = (parts: readonly OutboundPart[] | string, changes: Readonly<Record<string, unknown>> = {}, more: object = {}) =>
  standIn.open(changes).send(outbound(parts, more), never)

describe('what leaves', () => {
  it('is one call, which names our number and where reports about this message go', async () => {
    const out = outbound('Hello 🍵')
    const result = await standIn.open().send(out, never)
    const sid = standIn.account.people()[0]?.entries.at(-1)?.sid
    expect(result).toEqual({ status: 'accepted', route: 'api', providerIds: [{ kind: 'messageSid', value: sid }] })
    expect(lastForm()).toEqual({
      To: [mei],
      From: [settings.from],
      Body: ['Hello 🍵'],
      StatusCallback: [expect.stringMatching(new RegExp(`^https://hub\\.test/webhooks/sms/[^/]+/status\\?message=${out.messageId}$`))],
    })
  })

  it('files go as MMS between numbers of North America', async () => {
    expect((await send([{ type: 'text', text: 'look' }, picture(), picture({ url: 'https://hub.test/media/u/b.png' })])).status).toBe(
      'accepted',
    )
    expect(lastForm()).toMatchObject({ Body: ['look'], MediaUrl: ['https://hub.test/media/t/a.png', 'https://hub.test/media/u/b.png'] })
  })

  it.each([
    ['outside of it', {}, { threadKey: '+886912345678' }, picture()],
    ['where the inbox says so', { files: 'link' }, {}, picture()],
    ['of a kind that phones do not take', {}, {}, picture({ mime: 'application/zip', kind: 'file' })],
    ['too large for MMS', {}, {}, picture({ bytes: 5_000_001 })],
  ] as const)('files %s go as links', async (_why, changes, more, part) => {
    expect((await send([{ type: 'text', text: 'look' }, part], changes, more)).status).toBe('accepted')
    expect(lastForm()).toMatchObject({ Body: ['look\nhttps://hub.test/media/t/a.png'] })
    expect(lastForm()).not.toHaveProperty('MediaUrl')
  })

  it('on WhatsApp one file is a file, further ones are links', async () => {
    const whatsapp = await startStandIn()
    const out = outbound([picture(), picture({ url: 'https://hub.test/media/u/b.png' })], { threadKey: `whatsapp:${mei}` })
    expect((await whatsapp.open().send(out, never)).status).toBe('accepted')
    expect(whatsapp.account.calls()[0]?.form).toMatchObject({
      MediaUrl: ['https://hub.test/media/t/a.png'],
      Body: ['https://hub.test/media/u/b.png'],
    })
    await whatsapp.close()
  })

  it('a text that its links make too long is refused before anything leaves', async () => {
    const before = standIn.account.calls().length
    const result = await send([{ type: 'text', text: 'x'.repeat(1_590) }, picture()], { files: 'link' })
    expect(result).toMatchObject({ status: 'rejected', error: { code: 'too_long' } })
    expect(standIn.account.calls()).toHaveLength(before)
  })
})

describe('what Twilio refuses', () => {
  const refusedWith = (code: number, status = 400): Promise<SendResult> => {
    standIn.account.failNext({ kind: 'answer', status, body: { code, status, message: 'In its own words.', more_info: '' } })
    return send('x')
  }

  it.each([
    [21_211, 'invalid_number', {}],
    [21_610, 'opted_out', { blocked: true }],
    [21_408, 'region_off', {}],
    [21_614, 'landline', {}],
    [21_606, 'sender_invalid', { health: 'degraded' }],
    [20_005, 'suspended', { health: 'suspended' }],
    [63_016, 'outside_window', {}],
    [99_999, 'rejected', {}],
  ] as const)('%i is %s', async (code, word, more) => {
    const result = await refusedWith(code)
    expect(result).toMatchObject({
      status: 'rejected',
      error: { code: word, detail: expect.stringMatching(/\.$/), provider: { code: String(code), message: 'In its own words.' } },
      ...more,
    })
    expect(result).not.toHaveProperty(code === 21_610 ? 'health' : 'blocked')
  })

  it('wrong credentials trouble the inbox', async () => {
    const result = await send('x', { authToken: 'ffffffffffffffffffffffffffffffff' })
    expect(result).toMatchObject({ status: 'rejected', error: { code: 'auth' }, health: 'auth_failed' })
  })

  it('a key is used for calls in place of the token', async () => {
    const key = { apiKeySid: `SK${'d4'.repeat(16)}`, apiKeySecret: 'secret-of-the-key-of-the-account' }
    const keyed = await startStandIn(key as object)
    const result = await keyed.open({ ...key, authToken: 'ffffffffffffffffffffffffffffffff' }).send(outbound('x'), never)
    expect(result.status).toBe('accepted')
    await keyed.close()
  })

  it('who has opted out is refused until they opt in', async () => {
    const chen = standIn.account.user('+12025550177')
    await chen.send('STOP')
    const to = { threadKey: '+12025550177' }
    expect(await send('x', {}, to)).toMatchObject({ status: 'rejected', error: { code: 'opted_out' }, blocked: true })
    await chen.send('start')
    expect((await send('x', {}, to)).status).toBe('accepted')
  })

  it('every error that it knows has a word and a sentence', () => {
    for (const code of [20003, 21610, 30003, 30004, 30005, 30006, 30007, 30008, 30034, 63016]) {
      expect(meaningOf(code).code).not.toBe('rejected')
      expect(meaningOf(code).detail).toMatch(/^[A-Z].*\.$/)
    }
  })
})

describe('pace', () => {
  it('"too many requests" is tried again after the pause that was asked for, and nothing leaves before', async () => {
    const slow = await startStandIn({ perSecond: 1 })
    const session = slow.open()
    expect((await session.send(outbound('1'), never)).status).toBe('accepted')
    expect(await session.send(outbound('2'), never)).toMatchObject({ status: 'retry', afterMs: 1_000, error: { code: 'rate_limited' } })
    const before = slow.account.calls().length
    expect(await session.send(outbound('3'), never)).toMatchObject({ status: 'retry', afterMs: 1_000, uncounted: true })
    expect(slow.account.calls()).toHaveLength(before)
    await slow.clock.advance(1_000)
    expect((await session.send(outbound('2'), never)).status).toBe('accepted')
    await slow.close()
  })

  it('an inbox keeps to its own limit in any minute', async () => {
    const own = await startStandIn()
    const session = own.open({ maxPerMinute: 2 })
    await session.send(outbound('1'), never)
    await own.clock.advance(20_000)
    await session.send(outbound('2'), never)
    expect(await session.send(outbound('3'), never)).toMatchObject({ status: 'retry', afterMs: 40_000, uncounted: true })
    await own.clock.advance(40_000)
    expect((await session.send(outbound('3'), never)).status).toBe('accepted')
    await own.close()
  })

  it('where nobody listens trying again does no harm; where an answer is cut off nobody knows', async () => {
    const gone = await startStandIn()
    const session = gone.open()
    gone.account.failNext({ kind: 'lose_answer' })
    expect((await session.send(outbound('1'), never)).status).toBe('unconfirmed')
    await gone.close()
    expect((await session.send(outbound('2'), never)).status).toBe('retry')
  })
})

describe('the account', () => {
  const check = (changes: Readonly<Record<string, unknown>>, webhookUrl = 'https://hub.test/webhooks/sms/1') =>
    standIn.open(changes).checkAccount?.(webhookUrl, never)

  it('is well where its number leads here', async () => expect(await check({})).toEqual({ state: 'ok', detail: null }))
  it('tells when messages go elsewhere', async () =>
    expect(await check({}, 'https://other.test/')).toEqual({ state: 'webhook_silent', detail: 'webhook_elsewhere' }))
  it('tells when the number is not its own', async () =>
    expect(await check({ from: '+12025550101' })).toEqual({ state: 'degraded', detail: 'other_account' }))
  it('tells when the token is wrong', async () =>
    expect(await check({ authToken: 'ffffffffffffffffffffffffffffffff' })).toEqual({ state: 'auth_failed', detail: 'token' }))
})

describe('media', () => {
  const bytes = Buffer.from('89504e470d0a1a0a', 'hex')
  const fetched = async (url: string) => standIn.open().fetchMedia?.({ url }, never)

  it('are fetched with the account’s credentials, from where the API sends us without them', async () => {
    await standIn.account.user(mei).send('', [{ bytes, mime: 'image/png' }])
    const entry = standIn.account.user(mei).person.entries.at(-1)
    const path = `/2010-04-01/Accounts/${settings.accountSid}/Messages/${entry?.sid}/Media/${entry?.media[0]}`
    const result = await fetched(`https://api.twilio.com${path}`)
    expect(result).toMatchObject({ status: 'ready', mime: 'image/png', bytes: bytes.length })
    const chunks: Uint8Array[] = []
    if (result?.status === 'ready') for await (const chunk of result.body) chunks.push(chunk)
    expect(Buffer.concat(chunks)).toEqual(bytes)
  })

  it.each([
    'https://attacker.test/2010-04-01/Accounts/x/Messages/y/Media/z',
    `https://api.twilio.com/2010-04-01/Accounts/AC${'0'.repeat(32)}/Messages/MM${'0'.repeat(32)}/Media/ME${'0'.repeat(32)}`,
    `https://api.twilio.com/2010-04-01/Accounts/${settings.accountSid}/Messages.json`,
    'http://169.254.169.254/latest',
  ])('%s gets no credentials', async (url) => {
    const before = standIn.account.calls().length
    expect(await fetched(url)).toMatchObject({ status: 'failed', retryable: false })
    expect(standIn.account.calls()).toHaveLength(before)
  })
})
