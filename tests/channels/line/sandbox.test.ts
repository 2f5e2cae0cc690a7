import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HTTPFetchError, messagingApi, validateSignature, type webhook } from '@line/bot-sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type StandIn, settings, startStandIn } from './stand-in.ts'

/** A hub's webhook address that keeps what it gets and answers as told. */
interface Hook {
  readonly bodies: webhook.CallbackRequest[]
  readonly badSignatures: number
  answers: number[]
  readonly url: string
  close(): Promise<void>
}

async function startHook(): Promise<Hook> {
  const bodies: webhook.CallbackRequest[] = []
  const hook = { bodies, badSignatures: 0, answers: [] as number[], url: '', close: async () => undefined as void }
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      if (!validateSignature(body, settings.channelSecret, String(request.headers['x-line-signature']))) hook.badSignatures += 1
      bodies.push(JSON.parse(body.toString('utf8')) as webhook.CallbackRequest)
      response.writeHead(hook.answers.shift() ?? 200).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  hook.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/line/1`
  hook.close = async () => {
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return hook
}

let hook: Hook
let platform: StandIn
let mei: ReturnType<StandIn['account']['user']>
beforeEach(async () => {
  hook = await startHook()
  platform = await startStandIn(hook.url)
  mei = platform.account.user({ displayName: 'Mei' })
})
afterEach(async () => {
  await platform.close()
  await hook.close()
})

const client = (token = settings.channelAccessToken) =>
  new messagingApi.MessagingApiClient({ channelAccessToken: token, baseURL: platform.origin })
const hello = { type: 'text', text: 'hello' } as const
const failure = (call: Promise<unknown>) =>
  call.then(
    () => 'no failure',
    (error: unknown) => (error instanceof HTTPFetchError ? [error.status, JSON.parse(error.body).message] : error),
  )
const events = () => hook.bodies.flatMap((body) => body.events)
/** Waits, without a clock, until the platform has posted so many bodies. */
const posted = async (count: number): Promise<void> => {
  while (hook.bodies.length < count) await new Promise((resolve) => setImmediate(resolve))
}

describe('webhooks', () => {
  it('are signed, addressed and shaped as the SDK has it', async () => {
    await mei.sendText('hi')
    await mei.sendSticker('446', '1988')
    await mei.sendLocation({ latitude: 25, longitude: 121 })
    await mei.follow()
    await mei.unfollow()
    expect(hook.badSignatures).toBe(0)
    expect(hook.bodies.every((body) => body.destination === platform.account.options.botUserId)).toBe(true)
    expect(events().map((event) => event.type)).toEqual(['message', 'message', 'message', 'follow', 'unfollow'])
    expect(events()[0]).toEqual({
      type: 'message',
      message: {
        type: 'text',
        id: expect.stringMatching(/^\d{15,20}$/),
        text: 'hi',
        quoteToken: expect.any(String),
        markAsReadToken: expect.any(String),
      },
      webhookEventId: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
      deliveryContext: { isRedelivery: false },
      timestamp: platform.clock.now(),
      source: { type: 'user', userId: mei.userId },
      replyToken: expect.stringMatching(/^[0-9a-f]{32}$/),
      mode: 'active',
    })
  })

  it('come again under the same id until they are taken', async () => {
    hook.answers = [500, 503, 200]
    await mei.sendText('hi')
    await platform.clock.advance(1_000)
    await posted(2)
    while (platform.clock.pending === 0) await new Promise((resolve) => setImmediate(resolve))
    await platform.clock.advance(3_000)
    await posted(3)
    expect(events().map((event) => event.deliveryContext.isRedelivery)).toEqual([false, true, true])
    expect(new Set(events().map((event) => event.webhookEventId)).size).toBe(1)
    while (platform.account.thread(mei.userId).entries[0]?.webhook !== 'taken') await new Promise((resolve) => setImmediate(resolve))
    await platform.clock.advance(3_600_000)
    expect(hook.bodies).toHaveLength(3)
  })

  it('come twice, late or out of order when told to', async () => {
    platform.account.disturbNext('duplicate')
    await mei.sendText('twice')
    expect(events().map((event) => event.deliveryContext.isRedelivery)).toEqual([false, false])
    hook.bodies.length = 0
    platform.account.disturbNext('lose')
    await mei.sendText('lost first')
    expect(hook.bodies).toHaveLength(0)
    await platform.clock.advance(1_000)
    await posted(1)
    hook.bodies.length = 0
    platform.account.disturbNext('hold')
    await mei.sendText('first')
    await mei.sendText('second')
    await platform.account.release()
    expect(events().map((event) => event.type === 'message' && event.message.type === 'text' && event.message.text)).toEqual([
      'second',
      'first',
    ])
  })

  it('keep the order of a thread', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, at) => mei.sendText(`${at}`)))
    const texts = events().map((event) => (event.type === 'message' && event.message.type === 'text' ? event.message.text : ''))
    expect(texts).toEqual(Array.from({ length: 20 }, (_, at) => `${at}`))
  })

  it('ping with an empty list', async () => {
    expect(await platform.account.postEvents([])).toEqual({ status: 200 })
    expect(hook.bodies).toEqual([{ destination: platform.account.options.botUserId, events: [] }])
  })

  it('tell of groups', async () => {
    const family = platform.account.group('Family')
    await family.join()
    await mei.sendText('hello all', { groupId: family.groupId })
    await family.leave()
    expect(events().map((event) => [event.type, event.source?.type])).toEqual([
      ['join', 'group'],
      ['message', 'group'],
      ['leave', 'group'],
    ])
    expect(await failure(client().pushMessage({ to: family.groupId, messages: [hello] }))).toEqual([400, 'Failed to send messages'])
  })
})

describe('a chat of an earlier process', () => {
  const said = (id: string, from: 'customer' | 'account', more: object = {}) =>
    ({ id, at: 1_000, from, parts: [{ type: 'text', text: id }], markAsReadToken: null, read: false, unsent: false, ...more }) as const
  const restore = () =>
    platform.account.restore([
      {
        userId: mei.userId,
        displayName: 'Mei',
        blocked: true,
        messages: [
          said('1', 'customer', { read: true }),
          said('2', 'account', {
            parts: [
              { type: 'sticker', packageId: '1', stickerId: '2' },
              { type: 'media', kind: 'image', state: 'ready' },
            ],
          }),
          said('3', 'customer', { parts: [{ type: 'choice', data: 'x' }] }),
          said('4', 'customer', { unsent: true, markAsReadToken: 'token' }),
        ],
      },
    ])

  it('is on the phone again, without what never was a bubble', () => {
    restore()
    const { entries } = platform.account.thread(mei.userId)
    expect(entries.map(({ id, message, webhook, readAt, unsentAt }) => [id, message.type, webhook, readAt, unsentAt])).toEqual([
      ['1', 'text', 'taken', 1_000, null],
      ['2', 'sticker', null, null, null],
      ['2.1', 'image', null, null, null],
      ['4', 'text', 'taken', null, 1_000],
    ])
    expect(entries.at(-1)?.message.markAsReadToken).toBe('token')
  })

  it('does not replace what was said since, nor what is known of the person', async () => {
    await mei.sendText('new')
    restore()
    expect(platform.account.thread(mei.userId).entries.map(({ message }) => message.text)).toEqual(['new'])
    expect(platform.account.people().find(({ userId }) => userId === mei.userId)?.blocked).toBe(false)
  })
})

describe('the Messaging API, asked by the SDK', () => {
  const tokenOf = async (): Promise<string> => (await mei.sendText('?')).replyToken ?? ''

  it('takes a reply token once, within its minute', async () => {
    const replyToken = await tokenOf()
    const { sentMessages } = await client().replyMessage({ replyToken, messages: [hello] })
    expect(sentMessages).toEqual([{ id: platform.account.thread(mei.userId).entries.at(-1)?.id, quoteToken: expect.any(String) }])
    expect(await failure(client().replyMessage({ replyToken, messages: [hello] }))).toEqual([400, 'Invalid reply token'])
    const late = await tokenOf()
    await platform.clock.advance(60_001)
    expect(await failure(client().replyMessage({ replyToken: late, messages: [hello] }))).toEqual([400, 'Invalid reply token'])
  })

  it('renews the minute with a redelivery, within twenty minutes of the event', async () => {
    hook.answers = [500, 500, 500, 500, 500, 500, 200]
    const replyToken = await tokenOf()
    for (const [at, delayMs] of [1_000, 3_000, 10_000, 30_000, 60_000, 120_000].entries()) {
      while (platform.clock.pending === 0) await new Promise((resolve) => setImmediate(resolve))
      await platform.clock.advance(delayMs)
      await posted(at + 2)
    }
    expect((await client().replyMessage({ replyToken, messages: [hello] })).sentMessages).toHaveLength(1)
  })

  it('takes one to five messages', async () => {
    const to = mei.userId
    expect(await failure(client().pushMessage({ to, messages: [] }))).toEqual([400, 'The request body has 1 error(s)'])
    expect(await failure(client().pushMessage({ to, messages: Array.from({ length: 6 }, () => hello) }))).toEqual([
      400,
      'The request body has 1 error(s)',
    ])
    expect(await failure(client().pushMessage({ to, messages: [{ type: 'text', text: 'x'.repeat(5_001) }] }))).toEqual([
      400,
      'The request body has 1 error(s)',
    ])
  })

  it('takes a retry key once in 24 hours, on push only', async () => {
    const key = '123e4567-e89b-12d3-a456-426614174000'
    const push = () => client().pushMessage({ to: mei.userId, messages: [hello] }, key)
    await push()
    expect(await failure(push())).toEqual([409, 'The retry key is already accepted'])
    expect(await failure(client().pushMessage({ to: mei.userId, messages: [hello] }, 'not-a-uuid'))).toEqual([400, 'Invalid retry key'])
    await platform.clock.advance(86_400_001)
    await push()
    expect(platform.account.thread(mei.userId).entries).toHaveLength(2)
    const onReply = fetch(`${platform.origin}/v2/bot/message/reply`, {
      method: 'POST',
      headers: { authorization: `Bearer ${settings.channelAccessToken}`, 'x-line-retry-key': key },
      body: JSON.stringify({ replyToken: await tokenOf(), messages: [hello] }),
    })
    expect((await onReply).status).toBe(400)
  })

  it('counts pushes, not replies, against the month', async () => {
    platform.account.setMonthlyQuota(1)
    await client().replyMessage({ replyToken: await tokenOf(), messages: [hello] })
    await client().pushMessage({ to: mei.userId, messages: [hello] })
    expect(await client().getMessageQuota()).toEqual({ type: 'limited', value: 1 })
    expect(await client().getMessageQuotaConsumption()).toEqual({ totalUsage: 1 })
    expect(await failure(client().pushMessage({ to: mei.userId, messages: [hello] }))).toEqual([
      429,
      'You have reached your monthly limit.',
    ])
  })

  it('knows who may be written to', async () => {
    const stranger = platform.account.user({ displayName: 'Stranger', friend: false })
    const push = () => failure(client().pushMessage({ to: stranger.userId, messages: [hello] }))
    expect(await push()).toEqual([400, 'Failed to send messages'])
    await stranger.sendText('hi')
    expect(await push()).toBe('no failure')
    await platform.clock.advance(7 * 86_400_000 + 1)
    expect(await push()).toEqual([400, 'Failed to send messages'])
    expect(await failure(client().pushMessage({ to: 'somebody', messages: [hello] }))).toEqual([400, expect.stringContaining("'to'")])
  })

  it('refuses a foreign access token', async () => {
    expect(await failure(client('another-token').getBotInfo())).toEqual([401, expect.stringContaining('Authentication failed')])
  })

  it('gives profile, account and group', async () => {
    expect(await client().getProfile(mei.userId)).toMatchObject({ displayName: 'Mei', userId: mei.userId })
    expect(await client().getBotInfo()).toMatchObject({
      displayName: 'Shop',
      userId: platform.account.options.botUserId,
    })
    expect(await client().getGroupSummary(platform.account.group('Family').groupId)).toMatchObject({
      groupName: 'Family',
    })
  })

  it('gives content when it is ready, and none after it was taken back', async () => {
    const blobs = new messagingApi.MessagingApiBlobClient({
      channelAccessToken: settings.channelAccessToken,
      baseURL: platform.origin,
    })
    const { messageId } = await mei.sendImage({ bytes: new Uint8Array([1, 2, 3]), mime: 'image/png', prepareMs: 1_000 })
    expect((await blobs.getMessageContentWithHttpInfo(messageId)).httpResponse.status).toBe(202)
    await platform.clock.advance(1_000)
    const { httpResponse, body } = await blobs.getMessageContentWithHttpInfo(messageId)
    const chunks: Uint8Array[] = []
    for await (const chunk of body) chunks.push(chunk as Uint8Array)
    expect([httpResponse.status, Buffer.concat(chunks)]).toEqual([200, Buffer.from([1, 2, 3])])
    await mei.unsend(messageId)
    expect(await failure(blobs.getMessageContent(messageId))).toEqual([410, 'Gone'])
  })

  it('refuses more than two megabytes and unknown paths', async () => {
    const call = (path: string, body: string) =>
      fetch(`${platform.origin}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${settings.channelAccessToken}` },
        body,
      })
    expect((await call('/v2/bot/message/push', 'x'.repeat(2_000_001))).status).toBe(413)
    expect((await call('/v2/bot/richmenu', '{}')).status).toBe(404)
  })
})
