import { describe, expect, it } from 'vitest'
import type { Conversation } from '../../../src/wire/conversations.ts'
import { agentSocket, apiOf } from '../../support/agent-client.ts'
import { makeCentre } from '../../support/centre.ts'
import { conversationRow, factsOf, textsOf } from '../../support/facts.ts'
import { databases, useHub } from '../../support/hub.ts'
import { advanceUntil, passTime, talk } from '../../support/talk.ts'

const minuteMs = 60_000

describe.each(databases)('the life of a conversation, %s', (database) => {
  const hub = useHub({ database })
  const statusOf = async (id: string) => (await conversationRow(hub(), id)).status

  it('ends in wrap-up with its slot taken, and is resolved with the disposition its queue asks for', async () => {
    const t = await talk(hub(), {
      queues: { main: { dispositionRequired: true, dispositions: ['solved', 'spam'] } },
      agents: { ann: { capacity: { max: { line: 1 }, weights: {} } } },
    })
    await t.centre.customer('Wu').sendText('me too')
    const api = apiOf(hub(), t.centre.agent('ann'))
    const path = `/api/v1/conversations/${t.conversationId}`
    expect(await api.send<Conversation>('POST', `${path}/finish`)).toMatchObject({
      body: { status: 'wrap_up', wrapUpUntil: hub().clock.now() + 120_000 },
    })
    await hub().fake.advance(4_000)
    const waiting = (await factsOf(hub(), t.centre.line.inboxId)).conversations.find(({ id }) => id !== t.conversationId)
    expect(waiting?.status).toBe('queued')
    expect(await api.send('POST', `${path}/wrap-up`, {})).toMatchObject({
      status: 400,
      body: { code: 'disposition_required', fields: [{ path: 'disposition' }] },
    })
    expect(await api.send('POST', `${path}/wrap-up`, { disposition: 'bored' })).toMatchObject({
      status: 400,
      body: { code: 'unknown_disposition' },
    })
    expect(await api.send('POST', `${path}/wrap-up`, { disposition: 'solved', tags: ['tea'], note: 'a regular' })).toMatchObject({
      status: 200,
      body: { status: 'resolved', disposition: 'solved', tags: ['tea'] },
    })
    expect(await conversationRow(hub(), t.conversationId)).toMatchObject({
      wrapUpNote: 'a regular',
      resolvedAt: hub().clock.now(),
      wrapUpUntil: null,
      open: false,
    })
    expect(await t.ann.acceptNext()).toBe(waiting?.id)
    expect((await api.send('POST', `${path}/finish`)).status).toBe(409)
    t.close()
  })

  it('is resolved when wrap-up runs out, later when it was extended, once', async () => {
    const t = await talk(hub(), { queues: { main: { wrapUpMs: minuteMs } } })
    const api = apiOf(hub(), t.centre.agent('ann'))
    const path = `/api/v1/conversations/${t.conversationId}`
    expect((await api.send('POST', `${path}/extend-wrap-up`)).status).toBe(409)
    await api.send('POST', `${path}/finish`)
    expect((await api.send('POST', `${path}/extend-wrap-up`)).status).toBe(200)
    expect(await api.send('POST', `${path}/extend-wrap-up`)).toMatchObject({ status: 409, body: { code: 'extended' } })
    await passTime(hub(), minuteMs + 10_000)
    expect(await statusOf(t.conversationId)).toBe('wrap_up')
    hub().fake.jump(minuteMs)
    await advanceUntil(hub(), 'it is resolved', 2_000, async () => (await statusOf(t.conversationId)) === 'resolved')
    t.close()
  })

  it('stays with its agent when wrap-up runs out and the queue asks for a disposition', async () => {
    const t = await talk(hub(), { queues: { main: { wrapUpMs: minuteMs, dispositionRequired: true } } })
    const api = apiOf(hub(), t.centre.agent('ann'))
    const path = `/api/v1/conversations/${t.conversationId}`
    await api.send('POST', `${path}/finish`)
    await passTime(hub(), 2 * minuteMs)
    expect(await conversationRow(hub(), t.conversationId)).toMatchObject({ status: 'wrap_up', assigneeId: t.centre.agent('ann').id })
    expect((await api.send('POST', `${path}/wrap-up`, { disposition: 'solved' })).status).toBe(200)
    t.close()
  })

  it('is resolved at once where the queue has no wrap-up, and turns back into work when the customer writes in wrap-up', async () => {
    const quick = await talk(hub(), { queues: { main: { wrapUpMs: 0 } } })
    await quick.ann.ask('conversation.finish', { conversationId: quick.conversationId })
    expect(await statusOf(quick.conversationId)).toBe('resolved')
    quick.close()
    const t = await talk(hub())
    await t.ann.ask('conversation.finish', { conversationId: t.conversationId })
    await t.chen.sendText('one more')
    expect(await conversationRow(hub(), t.conversationId)).toMatchObject({
      status: 'active',
      awaiting: 'agent',
      assigneeId: t.centre.agent('ann').id,
      wrapUpUntil: null,
    })
    t.close()
  })

  it('is put aside until its time, and then waits for the agent who had it', async () => {
    const t = await talk(hub(), { agents: { ann: {}, bob: {} } })
    const api = apiOf(hub(), t.centre.agent('ann'))
    const path = `/api/v1/conversations/${t.conversationId}`
    const now = hub().clock.now()
    for (const until of [now, now - 1, now + 400 * 86_400_000])
      expect(await api.send('POST', `${path}/snooze`, { until })).toMatchObject({ status: 400, body: { fields: [{ path: 'until' }] } })
    expect((await api.send('POST', `${path}/snooze`, { until: now + 30_000 })).status).toBe(200)
    const bob = await agentSocket(hub(), t.centre.agent('bob'))
    await bob.goAvailable()
    await hub().fake.advance(20_000)
    expect(await statusOf(t.conversationId)).toBe('snoozed')
    await t.ann.ask('presence.renew', {})
    await hub().fake.advance(11_000)
    const offer = await t.ann.nextOffer()
    expect(offer.conversationId).toBe(t.conversationId)
    expect(await conversationRow(hub(), t.conversationId)).toMatchObject({
      status: 'offered',
      snoozedUntil: null,
      preferredAgentId: t.centre.agent('ann').id,
    })
    bob.close()
    t.close()
  })

  it('wakes by the customer’s word', async () => {
    const t = await talk(hub())
    await apiOf(hub(), t.centre.agent('ann')).send('POST', `/api/v1/conversations/${t.conversationId}/snooze`, {
      until: hub().clock.now() + 86_400_000,
    })
    await t.answer('not while it is put aside').catch(() => undefined)
    await hub().fake.advance(5_000)
    await t.chen.sendText('I am back')
    expect(await conversationRow(hub(), t.conversationId)).toMatchObject({ snoozedUntil: null, awaiting: 'agent' })
    expect(await t.ann.acceptNext()).toBe(t.conversationId)
    t.close()
  })

  it('is taken up again by an answer within the window, and starts anew, linked, after it', async () => {
    const t = await talk(hub(), { reopenWindowMs: 3_600_000 })
    const finish = () => apiOf(hub(), t.centre.agent('ann')).send('POST', `/api/v1/conversations/${t.conversationId}/wrap-up`, {})
    await finish()
    await passTime(hub(), 1_800_000)
    await t.chen.sendText('again')
    expect(await conversationRow(hub(), t.conversationId)).toMatchObject({
      resolvedAt: null,
      waitingSince: hub().clock.now(),
      assigneeId: null,
      preferredAgentId: t.centre.agent('ann').id,
    })
    await t.ann.goAvailable()
    await t.ann.acceptNext()
    await finish()
    await passTime(hub(), 3_600_001)
    await t.chen.sendText('much later')
    const { conversations } = await factsOf(hub(), t.centre.line.inboxId)
    expect(conversations.map(({ previousId, messageCount }) => [previousId, messageCount])).toEqual([
      [null, 6],
      [t.conversationId, 1],
    ])
    expect(conversations[1]?.contactId).toBe(conversations[0]?.contactId)
    const api = apiOf(hub(), t.centre.agent('ann'))
    expect(await api.send('POST', `/api/v1/conversations/${t.conversationId}/reopen`)).toMatchObject({
      status: 409,
      body: { code: 'newer_conversation' },
    })
    t.close()
  })

  it('is taken up again by an agent, whose it then is', async () => {
    const t = await talk(hub())
    const api = apiOf(hub(), t.centre.agent('ann'))
    expect((await api.send('POST', `/api/v1/conversations/${t.conversationId}/reopen`)).status).toBe(409)
    await api.send('POST', `/api/v1/conversations/${t.conversationId}/wrap-up`, {})
    expect(await api.send('POST', `/api/v1/conversations/${t.conversationId}/reopen`)).toMatchObject({
      status: 200,
      body: { status: 'active', assigneeId: t.centre.agent('ann').id, awaiting: 'customer' },
    })
    await t.answer('I forgot to say')
    t.close()
  })

  it('frees its slot when the customer is silent, and returns to its agent where there is room', async () => {
    const t = await talk(hub(), { agents: { ann: { capacity: { max: { line: 1 }, weights: {} } } } })
    await t.answer('anything else?')
    await passTime(hub(), 9 * minuteMs)
    expect((await conversationRow(hub(), t.conversationId)).parkedAt).toBeNull()
    await passTime(hub(), 2 * minuteMs)
    expect(await conversationRow(hub(), t.conversationId)).toMatchObject({
      status: 'active',
      parkedAt: expect.any(Number),
      assigneeId: t.centre.agent('ann').id,
    })
    await t.ann.goAvailable()
    await t.chen.sendText('yes')
    expect(await conversationRow(hub(), t.conversationId)).toMatchObject({ status: 'active', parkedAt: null })
    t.close()
  })

  it('is routed anew when its agent has no room any more', async () => {
    const t = await talk(hub(), { agents: { ann: { capacity: { max: { line: 1 }, weights: {} } }, bob: {} } })
    await t.answer('anything else?')
    await passTime(hub(), 11 * minuteMs)
    await t.ann.goAvailable()
    await t.centre.customer('Wu').sendText('me too')
    await t.ann.acceptNext()
    await t.chen.sendText('yes')
    const { waitingSince } = await conversationRow(hub(), t.conversationId)
    expect(await conversationRow(hub(), t.conversationId)).toMatchObject({ status: 'queued', parkedAt: null, assigneeId: null })
    // For two minutes it is kept for the agent who knows it.
    await passTime(hub(), 121_000)
    expect(await conversationRow(hub(), t.conversationId)).toMatchObject({ status: 'queued', waitingSince })
    const bob = await agentSocket(hub(), t.centre.agent('bob'))
    await bob.goAvailable()
    expect(await bob.acceptNext()).toBe(t.conversationId)
    bob.close()
    t.close()
  })

  it('notes a breached target once, and a first answer in time ends the clock', async () => {
    const { customer, line, agent } = await makeCentre(hub(), { queues: { main: { firstResponseMs: minuteMs } } })
    await customer().sendText('hello')
    await passTime(hub(), minuteMs - 1_000)
    expect((await factsOf(hub(), line.inboxId)).conversations).toMatchObject([{ slaBreachedAt: null }])
    await passTime(hub(), 5_000)
    await passTime(hub(), 60 * minuteMs)
    const { conversations, messages, events } = await factsOf(hub(), line.inboxId)
    expect(conversations).toMatchObject([{ slaBreachedAt: expect.any(Number), status: 'queued' }])
    expect(events.filter(({ type }) => type === 'sla.breached')).toHaveLength(1)
    expect(textsOf(messages)).toEqual(['hello', 'sla.breached'])
    const ann = await agentSocket(hub(), agent('ann'))
    await ann.goAvailable()
    await ann.acceptNext()
    await customer('Wu').sendText('hello')
    const inTime = await ann.acceptNext()
    await ann.ask('message.send', { conversationId: inTime, clientId: 'client-in-time', parts: [{ type: 'text', text: 'hi' }] })
    await passTime(hub(), 10 * minuteMs)
    expect(await conversationRow(hub(), inTime)).toMatchObject({ slaBreachedAt: null, slaDueAt: null, firstResponseAt: expect.any(Number) })
    ann.close()
  })
})
