import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OutboundPart, SendResult } from '../../../channels/contract.ts'
import { outbound, patient, type StandIn, startStandIn } from './stand-in.ts'

let platform: StandIn
let mei: ReturnType<StandIn['account']['user']>
beforeEach(async () => {
  platform = await startStandIn()
  mei = platform.account.user({ displayName: 'Mei' })
})
afterEach(() => platform.close())

const seen = () => platform.account.thread(mei.userId).entries.filter((entry) => entry.from === 'account')
const calls = () => platform.account.calls().map((call) => [call.path.split('/').at(-1), call.status])

/** Sends with the reply token of a message that Mei has just written. */
async function answer(text: string, changes: Readonly<Record<string, unknown>> = {}, afterMs = 0): Promise<SendResult> {
  const { replyToken } = await mei.sendText('hello?')
  await platform.clock.advance(afterMs)
  return platform.open(changes).send(outbound(mei.userId, text, { claimReplyToken: async () => replyToken }), patient)
}

describe('reply token first', () => {
  it('answers free of charge and keeps the ids of the bubbles', async () => {
    const result = await answer('here you are')
    expect(result).toEqual({
      status: 'accepted',
      route: 'reply',
      providerIds: [
        { kind: 'messageId', value: seen()[0]?.id },
        { kind: 'quoteToken', value: expect.any(String) },
        { kind: 'requestId', value: expect.any(String) },
      ],
    })
    expect(seen()[0]?.route).toBe('reply')
    expect(platform.account.quotaUsed()).toBe(0)
    expect(platform.account.calls()[0]?.retryKey).toBeNull()
  })

  it('pushes with the retry key when the token has run out', async () => {
    const result = await answer('a little late', {}, 61_000)
    expect(result).toMatchObject({ status: 'accepted', route: 'push' })
    expect(calls()).toEqual([
      ['reply', 400],
      ['push', 200],
    ])
    expect(platform.account.calls()[1]?.retryKey).toMatch(/^[0-9a-f-]{36}$/)
    expect(seen().map((entry) => entry.message.text)).toEqual(['a little late'])
  })

  it('pushes when the token was used', async () => {
    const { replyToken } = await mei.sendText('hello?')
    const out = () => outbound(mei.userId, 'answer', { claimReplyToken: async () => replyToken })
    const session = platform.open()
    await session.send(out(), patient)
    expect(await session.send(out(), patient)).toMatchObject({ status: 'accepted', route: 'push' })
  })

  it('does not touch the token under push_only', async () => {
    expect(await answer('counted', { sendPolicy: 'push_only' })).toMatchObject({ route: 'push' })
    expect(calls()).toEqual([['push', 200]])
  })

  it('does not touch the token in a later attempt, which may follow a push that was taken', async () => {
    let claimed = 0
    const out = outbound(mei.userId, 'again', { attempt: 2, claimReplyToken: async () => `${(claimed += 1)}` })
    expect(await platform.open().send(out, patient)).toMatchObject({ status: 'accepted', route: 'push' })
    expect(claimed).toBe(0)
  })

  it.each([
    ['the answer is lost', { kind: 'lose_answer' }, 1],
    ['the request is lost', { kind: 'lose_request' }, 0],
    ['the platform fails', { kind: 'answer', status: 503, body: {} }, 0],
  ] as const)('stays unconfirmed when %s, and nothing is pushed', async (_name, fault, shown) => {
    platform.account.failNext(fault, /reply$/)
    expect(await answer('did it arrive?')).toMatchObject({ status: 'unconfirmed', route: 'reply' })
    expect(seen()).toHaveLength(shown)
    expect(calls().map(([path]) => path)).toEqual(['reply'])
  })

  it('pushes after an unknown outcome where the account allows a duplicate', async () => {
    platform.account.failNext({ kind: 'lose_answer' }, /reply$/)
    expect(await answer('twice', { allowDuplicateAfterTimeout: true })).toMatchObject({
      status: 'accepted',
      route: 'push',
    })
    expect(seen()).toHaveLength(2)
  })

  it('tells a refusal that a push would meet as well', async () => {
    platform.account.failNext({
      kind: 'answer',
      status: 400,
      body: {
        message: 'The request body has 1 error(s)',
        details: [{ message: 'May not be empty', property: 'messages[0].text' }],
      },
    })
    expect(await answer('x')).toMatchObject({
      status: 'rejected',
      error: {
        code: 'rejected',
        provider: {
          code: '400',
          message: 'The request body has 1 error(s); messages[0].text: May not be empty',
          requestId: expect.any(String),
        },
      },
    })
    expect(calls()).toHaveLength(1)
  })
})

describe('an attempt whose outcome was lost', () => {
  it.each([
    [null, {}, true],
    ['push', {}, true],
    ['reply', {}, false],
    ['reply', { allowDuplicateAfterTimeout: true }, true],
  ] as const)('over %s with %j may be made again: %s', (route, changes, again) => {
    expect(platform.open(changes).resumable?.(route)).toBe(again)
  })
})

describe('push', () => {
  const push = (text = 'hello', more = {}) => platform.open().send(outbound(mei.userId, text, more), patient)

  it('is taken once, however often it is tried: 409 is success with the first ids', async () => {
    const out = outbound(mei.userId, 'only once')
    platform.account.failNext({ kind: 'lose_answer' })
    const session = platform.open()
    expect(await session.send(out, patient)).toMatchObject({ status: 'retry', mayBeTaken: true, error: { code: 'timeout' } })
    const result = await session.send({ ...out, attempt: 2 }, patient)
    expect(calls()).toEqual([
      ['push', null],
      ['push', 409],
    ])
    expect(result).toMatchObject({
      status: 'accepted',
      providerIds: [{ kind: 'messageId', value: seen()[0]?.id }, {}, { kind: 'requestId' }],
    })
    expect(seen()).toHaveLength(1)
  })

  it.each([
    [
      '401',
      { status: 401, body: { message: 'Authentication failed' } },
      { status: 'rejected', health: 'auth_failed', error: { code: 'auth' } },
    ],
    [
      '403',
      { status: 403, body: { message: 'Access to this API is not available for your account' } },
      { status: 'rejected', error: { code: 'forbidden' } },
    ],
    ['413', { status: 413, body: null }, { status: 'rejected', error: { code: 'too_large', provider: { code: '413', message: '' } } }],
    [
      '429 of the month',
      { status: 429, body: { message: 'You have reached your monthly limit.' } },
      { status: 'rejected', health: 'quota_exhausted', error: { code: 'quota' } },
    ],
    [
      '429 of the minute',
      {
        status: 429,
        body: { message: 'The API rate limit has been exceeded. Try again later.' },
        headers: { 'retry-after': '7' },
      },
      { status: 'retry', afterMs: 7_000, error: { code: 'rate_limited' } },
    ],
    [
      '500',
      { status: 500, body: { message: 'Internal server error' } },
      { status: 'retry', mayBeTaken: true, error: { code: 'unavailable', provider: { message: 'Internal server error' } } },
    ],
    ['a page instead of JSON', { status: 502, body: '<html>' }, { status: 'retry' }],
  ] as const)('answers %s', async (_name, fault, expected) => {
    platform.account.failNext({ kind: 'answer', ...fault })
    expect(await push()).toMatchObject(expected)
    expect(seen()).toHaveLength(0)
  })

  it('uses up the quota of the month', async () => {
    platform.account.setMonthlyQuota(1)
    expect(await push('first')).toMatchObject({ status: 'accepted' })
    expect(await push('second')).toMatchObject({ status: 'rejected', health: 'quota_exhausted' })
  })

  it('is refused with a wrong token', async () => {
    const session = platform.open({ channelAccessToken: 'a-token-that-nobody-has-issued' })
    expect(await session.send(outbound(mei.userId, 'x'), patient)).toMatchObject({
      status: 'rejected',
      health: 'auth_failed',
    })
  })

  it('is taken and not seen by somebody who has blocked the account', async () => {
    await mei.unfollow()
    expect(await push()).toMatchObject({ status: 'accepted' })
    expect(seen()).toHaveLength(0)
  })

  it('may be tried again when nobody listens, and is refused where nobody may call', async () => {
    const closed = platform.open({ apiBaseUrl: 'http://10.0.0.1' })
    expect(await closed.send(outbound(mei.userId, 'x'), patient)).toMatchObject({
      status: 'rejected',
      error: { code: 'misconfigured' },
    })
    await platform.close()
    expect(await push()).toMatchObject({ status: 'retry', error: { code: 'unreachable' } })
    platform = await startStandIn()
  })
})

describe('bubbles', () => {
  const show = async (parts: readonly OutboundPart[], quoted: { kind: string; value: string }[] | null = null) => {
    const result = await platform.open().send(outbound(mei.userId, parts, { quoted }), patient)
    expect(result).toMatchObject({ status: 'accepted' })
    return seen().map((entry) => entry.message)
  }
  const media = (kind: 'image' | 'video' | 'audio' | 'file', mime: string, more = {}) =>
    ({
      type: 'media',
      kind,
      url: 'http://hub.test/media/t/a%20b',
      name: 'a b.bin',
      mime,
      bytes: 2_500_000,
      ...more,
    }) as const

  it('carries texts, stickers and places, and quotes once', async () => {
    const parts = [
      { type: 'location', latitude: 25.0339639, longitude: 121.5644722 },
      { type: 'text', text: 'here' },
      { type: 'sticker', packageId: '446', stickerId: '1988' },
    ] as const
    expect(
      await show(parts, [
        { kind: 'messageId', value: '1' },
        { kind: 'quoteToken', value: 'qt' },
      ]),
    ).toEqual([
      {
        type: 'location',
        title: '25.033964, 121.564472',
        address: '25.033964, 121.564472',
        latitude: 25.0339639,
        longitude: 121.5644722,
      },
      { type: 'text', text: 'here', quoteToken: 'qt' },
      { type: 'sticker', packageId: '446', stickerId: '1988' },
    ])
  })

  it.each([
    ['a JPEG', media('image', 'image/jpeg'), { type: 'image', previewImageUrl: 'http://hub.test/media/t/a%20b' }],
    ['a GIF', media('image', 'image/gif'), { type: 'flex' }],
    ['an image of 11 MB', media('image', 'image/png', { bytes: 11_000_000 }), { type: 'flex' }],
    ['an MP4', media('video', 'video/mp4'), { type: 'video', previewImageUrl: 'http://hub.test/line-video-preview.png' }],
    ['a WebM', media('video', 'video/webm'), { type: 'flex' }],
    ['an MP3', media('audio', 'audio/mpeg', { durationMs: 1_200 }), { type: 'audio', duration: 1_200 }],
    ['an MP3 of unknown length', media('audio', 'audio/mpeg'), { type: 'flex' }],
  ] as const)('sends %s as what the app can show', async (_name, part, expected) => {
    expect(await show([part])).toMatchObject([expected])
  })

  it('sends a file as a card that opens it', async () => {
    const [card] = await show([media('file', 'application/pdf', { name: '報價單.pdf' })])
    expect(card).toMatchObject({ type: 'flex', altText: '📄 報價單.pdf' })
    expect(JSON.stringify(card)).toContain('"uri":"http://hub.test/media/t/a%20b"')
    expect(JSON.stringify(card)).toContain('2.5 MB')
  })

  it.each([
    ['no parts', [], 'too_many_parts'],
    ['six parts', Array.from({ length: 6 }, () => ({ type: 'text', text: 'x' }) as const), 'too_many_parts'],
    ['a text of 25,001 characters', [{ type: 'text', text: 'x'.repeat(25_001) }], 'too_many_parts'],
  ] as const)('refuses %s without asking the platform', async (_name, parts, code) => {
    expect(await platform.open().send(outbound(mei.userId, parts), patient)).toMatchObject({
      status: 'rejected',
      error: { code },
    })
    expect(calls()).toEqual([])
  })

  it('refuses an address that is not secure, in the platform’s words', async () => {
    const part = { ...media('image', 'image/png'), url: 'http://elsewhere.test/a.png' }
    expect(await platform.open().send(outbound(mei.userId, [part]), patient)).toMatchObject({
      status: 'rejected',
      error: {
        provider: { message: expect.stringContaining('messages[0].originalContentUrl: Must be a valid HTTPS URL') },
      },
    })
  })
})
