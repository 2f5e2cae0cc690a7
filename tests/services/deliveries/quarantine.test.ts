import { describe, expect, it } from 'vitest'
import type { Channel, Session } from '../../../channels/contract.ts'
import { line as lineChannel } from '../../../channels/line/index.ts'
import { webchat } from '../../../channels/webchat/index.ts'
import { run as replayCommand } from '../../../src/cli/deliveries-replay.ts'
import type { Delivery, DeliveryDetail } from '../../../src/wire/deliveries.ts'
import type { Page } from '../../../src/wire/http.ts'
import { apiOf } from '../../support/agent-client.ts'
import { makeCentre } from '../../support/centre.ts'
import { factsOf, textsOf } from '../../support/facts.ts'
import { databases, useHub } from '../../support/hub.ts'
import { eventOf, postBody, postEvents, textEvent } from '../../support/webhooks.ts'

/** Whether the channel is as it was before the fix. */
const fault = { parse: false, split: false }

/** LINE with a fault that can be mended: it stumbles over everything that speaks of poison. */
const faulty: Channel = { ...lineChannel, open: (config, kit) => stumbling(lineChannel.open(config, kit)) }

function stumbling(session: Session): Session {
  const { webhook } = session
  if (webhook === undefined) throw new Error('LINE takes webhooks.')
  return {
    ...session,
    webhook: {
      ...webhook,
      split: (request) => {
        if (fault.split && request.body.includes('poison')) throw new TypeError('the splitter chokes')
        return webhook.split(request)
      },
    },
    parse: (raw) => {
      if (fault.parse && raw.includes('poison')) throw new TypeError('the reader chokes')
      return session.parse(raw)
    },
  }
}

const ten = Array.from({ length: 10 }, (_, i) => i + 1)

describe.each(databases)('a payload our code cannot process, %s', (database) => {
  const hub = useHub({ database, overrides: { channels: [faulty, webchat] } })

  const batchOf = (userId: string) => ten.map((n) => textEvent(userId, n === 4 ? 'poison' : `message ${n}`))

  it('is kept while the nine beside it are taken, and is processed once after the fix, by the API (F28)', async () => {
    const { line, customer, agent } = await makeCentre(hub(), { agents: { root: { role: 'admin' } } })
    const batch = batchOf(customer().userId)
    fault.parse = true
    expect((await postEvents(line, batch)).status).toBe(200)
    expect((await postEvents(line, batch)).status).toBe(200)
    const before = await factsOf(hub(), line.inboxId)
    expect(textsOf(before.messages)).toEqual(ten.filter((n) => n !== 4).map((n) => `message ${n}`))
    expect(before.deliveries.map(({ status }) => status)).toEqual(ten.map((n) => (n === 4 ? 'quarantined' : 'processed')))

    const api = apiOf(hub(), agent('root'))
    const listed = await api.get<Page<Delivery>>('/api/v1/deliveries?status=quarantined')
    const poison = listed.body.items.find(({ inboxId }) => inboxId === line.inboxId)
    expect(poison).toMatchObject({ status: 'quarantined', repeats: 1, error: expect.stringContaining('the reader chokes') })
    const address = `/api/v1/deliveries/${poison?.id}`
    expect((await api.get<DeliveryDetail>(address)).body.raw).toContain('poison')

    expect(await api.send('POST', `${address}/replay`)).toMatchObject({
      status: 200,
      body: { status: 'quarantined', error: expect.stringContaining('chokes') },
    })
    fault.parse = false
    const replays = await Promise.all([1, 2, 3].map(() => api.send<{ status: string }>('POST', `${address}/replay`)))
    expect(replays.filter(({ status }) => status === 200).map(({ body }) => body.status)).toEqual(['processed'])
    expect(replays.filter(({ status }) => status !== 200).map(({ status }) => status)).toEqual([409, 409])
    expect((await postEvents(line, batch)).status).toBe(200)
    const after = await factsOf(hub(), line.inboxId)
    expect(textsOf(after.messages)).toEqual([...ten.filter((n) => n !== 4).map((n) => `message ${n}`), 'poison'])
    expect(after.deliveries.every(({ status }) => status === 'processed')).toBe(true)
    expect((await api.send('POST', `${address}/replay`)).status).toBe(409)
  })

  it('is processed once after the fix by the command line, all that are quarantined', async () => {
    const { line, customer } = await makeCentre(hub())
    fault.parse = true
    const batches = [batchOf(customer().userId), batchOf(customer().userId)]
    for (const batch of batches) expect((await postEvents(line, batch)).status).toBe(200)
    fault.parse = false
    const lines: string[] = []
    const replay = () => replayCommand({ args: ['--quarantined'], env: hub().env, print: (text) => void lines.push(text) })
    expect(await replay()).toBe(0)
    expect(lines.at(-1)).toBe('2 processed, 0 still quarantined.')
    expect(await replay()).toBe(0)
    expect(lines.at(-1)).toBe('0 processed, 0 still quarantined.')
    const { messages, deliveries, conversations } = await factsOf(hub(), line.inboxId)
    expect(conversations.map(({ messageCount }) => messageCount)).toEqual([10, 10])
    expect(messages).toHaveLength(20)
    expect(deliveries.every(({ status }) => status === 'processed')).toBe(true)
  })

  it('keeps a body whole that could not be split, and takes all of it after the fix', async () => {
    const { line, customer, agent } = await makeCentre(hub(), { agents: { root: { role: 'admin' } } })
    const batch = batchOf(customer().userId)
    fault.split = true
    expect((await postEvents(line, batch)).status).toBe(200)
    fault.split = false
    // One of them comes by itself meanwhile; that must not cost the others.
    expect((await postEvents(line, batch.slice(2, 3))).status).toBe(200)
    const [kept] = (await factsOf(hub(), line.inboxId)).deliveries
    expect(kept).toMatchObject({ status: 'quarantined', error: expect.stringContaining('the splitter chokes') })
    const replayed = await apiOf(hub(), agent('root')).send('POST', `/api/v1/deliveries/${kept?.id}/replay`)
    expect(replayed).toMatchObject({ status: 200, body: { status: 'processed' } })
    expect((await postEvents(line, batch)).status).toBe(200)
    const { messages, deliveries } = await factsOf(hub(), line.inboxId)
    expect(messages).toHaveLength(10)
    expect(deliveries.filter(({ status }) => status === 'quarantined')).toEqual([])
  })

  it('stays quarantined with its new failure when the fix is none, and replaying is an administrator’s', async () => {
    const { line, agent } = await makeCentre(hub(), { agents: { root: { role: 'admin' }, ann: {}, sue: { role: 'supervisor' } } })
    expect((await postBody(line, 'no JSON')).status).toBe(200)
    const [kept] = (await factsOf(hub(), line.inboxId)).deliveries
    const address = `/api/v1/deliveries/${kept?.id}`
    expect(await apiOf(hub(), agent('root')).send('POST', `${address}/replay`)).toMatchObject({
      status: 200,
      body: { status: 'quarantined' },
    })
    expect((await factsOf(hub(), line.inboxId)).deliveries).toMatchObject([{ status: 'quarantined', attempts: 2 }])
    expect((await apiOf(hub(), agent('sue')).send('POST', `${address}/replay`)).status).toBe(403)
    expect((await apiOf(hub(), agent('ann')).get('/api/v1/deliveries')).status).toBe(403)
  })

  it('keeps an event that has no customer, and does not lose the ones beside it', async () => {
    const { line, customer } = await makeCentre(hub())
    const { userId } = customer()
    const nameless = { ...eventOf('message', userId), source: undefined, message: { type: 'text', id: '1', text: 'from nobody' } }
    expect((await postEvents(line, [textEvent(userId, 'one'), nameless, 7, null, textEvent(userId, 'two')])).status).toBe(200)
    const { deliveries, messages } = await factsOf(hub(), line.inboxId)
    expect(textsOf(messages)).toEqual(['one', 'two'])
    expect(deliveries.filter(({ status }) => status === 'processed').length).toBeGreaterThanOrEqual(2)
    expect(deliveries).toHaveLength(5)
  })
})
