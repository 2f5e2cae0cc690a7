import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createTwilioSandbox, type TwilioSandbox, type TwilioSandboxAccount } from '../../../channels/twilio/sandbox.ts'
import { createFakeClock } from '../../../src/adapters/clock-fake.ts'
import { newId } from '../../../src/lib/ids.ts'
import { systemViewer } from '../../../src/services/access/system-viewer.ts'
import { createInbox } from '../../../src/services/inboxes/write-inbox.ts'
import type { OutboxStatus } from '../../../src/wire/words.ts'
import { type AgentConsole, agentSocket, apiOf } from '../../support/agent-client.ts'
import { makeCentre } from '../../support/centre.ts'
import { publicUrl, startTestHub, type TestHub } from '../../support/hub.ts'
import { quietLog } from '../../support/quiet-log.ts'
import { until } from '../../support/until.ts'

/** A whole hub behind a proxy, whose public address alone Twilio knows. */
const config = { accountSid: `AC${'e5'.repeat(16)}`, authToken: 'e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5', from: '+12025550100' }
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

let hub: TestHub
let twilio: TwilioSandbox
let account: TwilioSandboxAccount
let ann: AgentConsole
let inboxId: string
let people = 110

beforeAll(async () => {
  const clock = createFakeClock()
  twilio = createTwilioSandbox({ clock, fetch: (input, init) => fetch(input, init), log: quietLog })
  const { origin } = await twilio.start()
  hub = await startTestHub({ clock, overrides: { allowedOrigins: [origin] } })
  const centre = await makeCentre(hub, { agents: { ann: { capacity: { max: { sms: 50 }, weights: {}, total: 1_000 } } } })
  ann = await agentSocket(hub, centre.agent('ann'))
  const common = {
    queueId: centre.queue('main'),
    locale: 'en',
    enabled: true,
    restricted: false,
    memberIds: [],
    reopenWindowMs: 86_400_000,
  }
  const inbox = await createInbox(hub.ctx, systemViewer, {
    ...common,
    channel: 'sms',
    name: 'Shop SMS',
    config: { ...config, apiBaseUrl: origin },
  })
  inboxId = inbox.id
  expect(inbox.webhookUrl).toBe(`${publicUrl}/webhooks/sms/${inboxId}`)
  account = twilio.account({
    ...config,
    number: config.from,
    displayName: 'Shop',
    smsUrl: `${publicUrl}/webhooks/sms/${inboxId}`,
    deliverTo: hub.url,
  })
}, 60_000)
afterEach(() => hub.check())
afterAll(async () => {
  ann.close()
  await hub.stop()
  await twilio.stop()
})

const customer = () => account.user(`+1202555${String((people += 1)).padStart(4, '0')}`)

async function talk() {
  const user = customer()
  await ann.goAvailable()
  expect((await user.send('hello')).status).toBe(200)
  const conversationId = await ann.acceptNext()
  const answer = async (text: string): Promise<string> => {
    const { message } = await ann.ask('message.send', { conversationId, clientId: newId(), parts: [{ type: 'text', text }] })
    return message.id
  }
  return { user, conversationId, answer }
}

async function rowOf(messageId: string) {
  const { messages } = hub.ctx.store.t
  const [row] = await hub.ctx.store.db.select().from(messages).where(eq(messages.id, messageId))
  return row
}

/** Waits for a state; the stand-in's own steps run meanwhile. */
const becomes = (messageId: string, status: OutboxStatus) =>
  until(`the message is ${status}`, async () => {
    await hub.fake.advance(400)
    const row = await rowOf(messageId)
    return row?.delivery === status ? row : null
  })

describe('a talk by SMS', () => {
  it('comes in, is offered, answered, and seen to arrive', async () => {
    const { user, answer } = await talk()
    const row = await becomes(await answer('We are open until eight.'), 'delivered')
    const [entry] = user.person.entries.filter(({ from }) => from === 'account')
    expect(entry).toMatchObject({ text: 'We are open until eight.', status: 'delivered' })
    expect(row.externalId).toBe(entry?.sid)
  })

  it.each(['reversed', 'twice'] as const)('reports that come %s leave it delivered', async (fault) => {
    const { answer } = await talk()
    account.disturbReports(fault)
    await becomes(await answer('x'), 'delivered')
  })

  it('without any report it stays sent; a late one is taken', async () => {
    const { answer } = await talk()
    account.disturbReports('held')
    const messageId = await answer('x')
    await becomes(messageId, 'accepted')
    await hub.fake.advance(10_000)
    expect((await rowOf(messageId))?.delivery).toBe('accepted')
    await account.release()
    await becomes(messageId, 'delivered')
  })

  it('an answer that was cut off is unconfirmed, never sent twice, and a report makes it certain', async () => {
    const { user, answer } = await talk()
    account.disturbReports('held')
    account.failNext({ kind: 'lose_answer' }, /Messages/)
    const messageId = await answer('only once')
    await becomes(messageId, 'unconfirmed')
    const row = await until('a late report is taken', async () => {
      await hub.fake.advance(400)
      await account.release()
      const now = await rowOf(messageId)
      return now?.delivery === 'delivered' ? now : null
    })
    const seen = user.person.entries.filter(({ text }) => text === 'only once')
    expect(seen).toHaveLength(1)
    expect(row.externalId).toBe(seen[0]?.sid)
  })

  it('a carrier’s refusal is told in words', async () => {
    const { answer } = await talk()
    account.failDelivery(30_007)
    const row = await becomes(await answer('x'), 'failed')
    expect(row.deliveryError).toMatchObject({ code: 'filtered', provider: { code: '30007' } })
  })

  it('a message that comes again is one message', async () => {
    const { user, conversationId } = await talk()
    const { messageSid } = await user.send('twice')
    expect(await user.repeat(messageSid)).toBe(200)
    const { messages } = hub.ctx.store.t
    const rows = await hub.ctx.store.db.select().from(messages).where(eq(messages.conversationId, conversationId))
    expect(rows.filter(({ externalId }) => externalId === messageSid)).toHaveLength(1)
  })

  it('after STOP the composer is closed; after START it is open again', async () => {
    const { user, conversationId, answer } = await talk()
    const api = apiOf(hub, ann.agent)
    const blocked = async () => {
      const { body } = await api.get<{ blocked?: boolean }>(`/api/v1/conversations/${conversationId}`)
      return JSON.stringify(body).includes('"blocked":true')
    }
    await user.send('Stop')
    await expect(answer('please stay')).rejects.toThrow()
    expect(await blocked()).toBe(true)
    await user.send('START')
    expect(await blocked()).toBe(false)
    await becomes(await answer('welcome back'), 'delivered')
    expect(user.person.entries.some(({ text }) => text === 'please stay')).toBe(false)
  })

  it('a picture comes in as a file', async () => {
    const { user, conversationId } = await talk()
    await user.send('my cup', [{ bytes: png, mime: 'image/png' }])
    const { messages } = hub.ctx.store.t
    const parts = await until('the picture is here', async () => {
      await hub.fake.advance(1_000)
      const rows = await hub.ctx.store.db.select().from(messages).where(eq(messages.conversationId, conversationId))
      const found = rows.flatMap((row) => row.parts).filter((part) => part.type === 'media')
      return found.some((part) => part.state === 'ready') ? found : null
    })
    expect(parts).toMatchObject([{ kind: 'image', mime: 'image/png', state: 'ready' }])
  })
})

describe('the door', () => {
  const rows = async () => (await hub.ctx.store.db.select().from(hub.ctx.store.t.deliveries)).length
  const fields = {
    MessageSid: `SM${'f'.repeat(32)}`,
    AccountSid: config.accountSid,
    From: '+12025550199',
    To: config.from,
    Body: 'x',
    NumMedia: '0',
  }
  const url = () => `${publicUrl}/webhooks/sms/${inboxId}`

  it('refuses what is not signed for this address and account, and stores nothing', async () => {
    const before = await rows()
    expect(await account.post(url(), fields, 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=')).toBe(403)
    expect(await account.post(`${url()}/status?message=1`, fields, 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=')).toBe(403)
    expect(await account.post(url(), { ...fields, AccountSid: `AC${'0'.repeat(32)}` })).toBe(403)
    const unsigned = await fetch(`${hub.url}/webhooks/sms/${inboxId}`, { method: 'POST', body: new URLSearchParams(fields) })
    expect(unsigned.status).toBe(403)
    expect(await rows()).toBe(before)
  })

  it('answers with an empty document', async () => {
    const { signatureOf } = await import('../../../channels/twilio/sandbox/webhooks.ts')
    const report = {
      MessageSid: `SM${'0'.repeat(32)}`,
      AccountSid: config.accountSid,
      MessageStatus: 'delivered',
      From: config.from,
      To: '+12025550199',
    }
    const answer = await fetch(`${hub.url}/webhooks/sms/${inboxId}/status`, {
      method: 'POST',
      body: new URLSearchParams(report),
      headers: { 'x-twilio-signature': signatureOf(config.authToken, `${url()}/status`, report) },
    })
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'text/xml',
      '<?xml version="1.0" encoding="UTF-8"?><Response/>',
    ])
  })

  it('a report about another inbox’s message changes nothing', async () => {
    const { answer } = await talk()
    const messageId = await answer('mine')
    await becomes(messageId, 'delivered')
    const about = `${url()}/status?message=${newId()}`
    const report = {
      MessageSid: `SM${'9'.repeat(32)}`,
      AccountSid: config.accountSid,
      MessageStatus: 'failed',
      ErrorCode: '30003',
      From: config.from,
      To: '+12025550199',
    }
    expect(await account.post(about, report)).toBe(200)
    expect((await rowOf(messageId))?.delivery).toBe('delivered')
  })
})
