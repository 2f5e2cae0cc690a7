import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLineSandbox, type LineSandbox, type LineSandboxAccount } from '../../channels/line/sandbox.ts'
import { createFakeClock } from '../../src/adapters/clock-fake.ts'
import { createMemoryLimiters } from '../../src/adapters/limiter-memory.ts'
import { readConfig } from '../../src/config.ts'
import { createSandboxRouter } from '../../src/http/sandbox.ts'
import { createLog } from '../../src/lib/log.ts'
import { phoneCustomerSchema, phonesSchema, phoneThreadSchema } from '../../src/wire/sandbox.ts'
import { quietLog } from '../support/quiet-log.ts'

const png = Buffer.from('89504e470d0a1a0a', 'hex')
let sandbox: LineSandbox
let account: LineSandboxAccount
let server: Server
let origin: string
let platform: string
let hookStatus = 200
const clock = createFakeClock()

/** The hub's webhook and the sandbox's routes on one server. */
beforeEach(async () => {
  hookStatus = 200
  sandbox = createLineSandbox({ clock, fetch, log: quietLog })
  platform = (await sandbox.start()).origin
  const app = express()
  app.post('/webhooks/line/1', (_request, response) => void response.status(hookStatus).end())
  const ctx = {
    config: readConfig({}),
    clock,
    log: createLog({ level: 'silent' }),
    limiters: createMemoryLimiters(clock),
  }
  app.use(createSandboxRouter(ctx, { line: sandbox, pageDir: '/nowhere' }))
  server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  account = sandbox.account({
    channelId: '1657',
    channelSecret: 'secret-of-the-sandbox-test',
    channelAccessToken: 'token-of-the-sandbox-test',
    displayName: 'Shop',
    webhookUrl: `${origin}/webhooks/line/1`,
    redelivers: false,
  })
})
afterEach(async () => {
  await sandbox.stop()
  server.closeAllConnections()
  await new Promise<void>((resolve) => server.close(() => resolve()))
})

const api = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
  fetch(`${origin}/sandbox/api${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: body instanceof Buffer ? body : JSON.stringify(body) }),
    headers: { 'content-type': 'application/json', ...headers },
  })
const thread = async (response: Response | Promise<Response>) => {
  const answer = await response
  expect(answer.status).toBe(200)
  return phoneThreadSchema.parse(await answer.json())
}
const mei = () => account.user({ displayName: 'Mei' })
const path = () => `/phones/1657/${mei().userId}`

describe('the phones', () => {
  it('are listed with their customers', async () => {
    await mei().sendText('hi')
    const phones = phonesSchema.parse(await (await api('/phones')).json())
    expect(phones.accounts).toMatchObject([
      {
        id: '1657',
        name: 'Shop',
        customers: [{ name: 'Mei', friend: true, blocked: false, newest: { bubble: { text: 'hi' } } }],
      },
    ])
  })

  it('get new customers, who follow the account', async () => {
    const answer = await api('/phones/1657', { name: '小美' })
    expect(answer.status).toBe(201)
    expect(phoneCustomerSchema.parse(await answer.json())).toMatchObject({ name: '小美', friend: true })
    expect(account.people().map((person) => person.displayName)).toEqual(['小美'])
  })

  it('say what a customer does, and whether the hub has taken it', async () => {
    await api(path(), { act: 'text', text: 'hello' })
    await api(path(), { act: 'sticker', packageId: '446', stickerId: '1988' })
    hookStatus = 500
    const { entries } = await thread(api(path(), { act: 'location', latitude: 25.03, longitude: 121.56, title: '101' }))
    expect(entries.map(({ from, bubble, delivery }) => [from, bubble.type, delivery])).toEqual([
      ['customer', 'text', 'taken'],
      ['customer', 'sticker', 'taken'],
      ['customer', 'location', 'failed'],
    ])
  })

  it('show what the account sends', async () => {
    const { replyToken } = await mei().sendText('?')
    const body = {
      type: 'box',
      layout: 'vertical',
      action: { type: 'uri', uri: 'https://a.example/f' },
      contents: [
        { type: 'text', text: 'f.pdf' },
        { type: 'text', text: '2 kB' },
      ],
    }
    const picture = 'https://a.example/i'
    const messages = [
      { type: 'text', text: 'answer' },
      { type: 'image', originalContentUrl: picture, previewImageUrl: picture },
      { type: 'flex', altText: 'File', contents: { type: 'bubble', body } },
    ]
    await fetch(`${platform}/v2/bot/message/reply`, {
      method: 'POST',
      headers: { authorization: 'Bearer token-of-the-sandbox-test' },
      body: JSON.stringify({ replyToken, messages }),
    })
    const { entries } = await thread(api(path()))
    expect(entries.filter(({ from }) => from === 'account').map(({ bubble }) => bubble)).toEqual([
      { type: 'text', text: 'answer' },
      { type: 'image', url: picture },
      {
        type: 'card',
        panels: [
          { title: null, lines: ['f.pdf', '2 kB'], imageUrl: null, buttons: [{ label: '', act: 'open', value: 'https://a.example/f' }] },
        ],
      },
    ])
  })

  it('block and follow', async () => {
    expect((await thread(api(path(), { act: 'block' }))).customer).toMatchObject({ blocked: true, friend: false })
    expect((await thread(api(path(), { act: 'follow' }))).customer).toMatchObject({ blocked: false, friend: true })
  })

  it('take a message back, but only one of their own and once', async () => {
    const { messageId } = await mei().sendText('oops')
    const { messageId: foreign } = await account.user({ displayName: 'Ken' }).sendText('mine')
    const unsend = (id: string) => thread(api(path(), { act: 'unsend', messageId: id }))
    expect((await unsend(messageId)).entries).toMatchObject([{ unsent: true }])
    await unsend(messageId)
    await unsend(foreign)
    expect(account.thread(account.user({ displayName: 'Ken' }).userId).entries[0]?.unsentAt).toBeNull()
  })

  it('send pictures and show them', async () => {
    const sent = await thread(api(`${path()}/image`, png, { 'content-type': 'image/png' }))
    const bubble = sent.entries[0]?.bubble
    if (bubble?.type !== 'image' || bubble.url === null) throw new Error('There should be a picture.')
    const shown = await fetch(`${origin}${bubble.url}`)
    expect([shown.status, shown.headers.get('content-type'), shown.headers.get('x-content-type-options')]).toEqual([
      200,
      'image/png',
      'nosniff',
    ])
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(png)
    expect((await fetch(`${origin}/sandbox/api/content/1`)).status).toBe(404)
  })
})

describe('bad input', () => {
  it.each([
    ['no act', {}, 400],
    ['an unknown act', { act: 'fly' }, 400],
    ['an empty text', { act: 'text', text: '  ' }, 400],
    ['a text that is too long', { act: 'text', text: 'x'.repeat(5_001) }, 400],
    ['a sticker that is none', { act: 'sticker', packageId: '../1', stickerId: '1' }, 400],
    ['a place outside the earth', { act: 'location', latitude: 91, longitude: 0 }, 400],
  ])('%s: a problem', async (_name, body, status) => {
    const answer = await api(path(), body)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json; charset=utf-8'])
  })

  it('unknown customers and accounts are not found', async () => {
    expect((await api('/phones/1657/U0', { act: 'follow' })).status).toBe(404)
    expect((await api('/phones/9/U0')).status).toBe(404)
    expect((await api('/phones/9', { name: 'x' })).status).toBe(404)
  })

  it('a picture must be one, and not too large', async () => {
    expect((await api(`${path()}/image`, Buffer.from('<svg/>'), { 'content-type': 'image/svg+xml' })).status).toBe(400)
    expect((await api(`${path()}/image`, Buffer.alloc(10_000_001), { 'content-type': 'image/png' })).status).toBe(413)
  })

  it('other sites cannot make a browser play a customer', async () => {
    expect((await api(path(), { act: 'text', text: 'x' }, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await api(path(), { act: 'text', text: 'x' }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect(account.thread(mei().userId).entries).toEqual([])
  })

  it('a flood is limited', async () => {
    const statuses = await Promise.all(Array.from({ length: 605 }, async () => (await api('/phones')).status))
    expect(statuses.filter((status) => status === 429)).toHaveLength(5)
  })

  it('a page that is not built says so', async () => {
    const answer = await fetch(`${origin}/sandbox`)
    expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('npm run build')])
  })
})

describe('changes', () => {
  it('are told as they happen', async () => {
    const giveUp = new AbortController()
    const stream = await fetch(`${origin}/sandbox/api/changes`, { signal: giveUp.signal })
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
    let seen = (await reader?.read())?.value ?? ''
    await mei().sendText('hi')
    while (!seen.includes('data:')) seen += (await reader?.read())?.value ?? ''
    expect(seen).toContain(`data: {"accountId":"1657","customerId":"${mei().userId}"}`)
    giveUp.abort()
  })
})
