import { describe, expect, it } from 'vitest'
import { agentSocket, apiOf } from '../../support/agent-client.ts'
import { makeCentre } from '../../support/centre.ts'
import { conversationRow, factsOf, textsOf } from '../../support/facts.ts'
import { databases, useHub } from '../../support/hub.ts'
import { talk } from '../../support/talk.ts'
import { until } from '../../support/until.ts'

const twoQueues = {
  queues: { main: {}, orders: {} },
  agents: { ann: { queues: ['main'] }, bob: { queues: ['orders'] }, sue: { role: 'supervisor' } },
} as const

describe.each(databases)('handing over, %s', (database) => {
  const hub = useHub({ database })

  it('to a queue: it waits there with its age and its note, and its members are offered it', async () => {
    const t = await talk(hub(), twoQueues)
    const bob = await agentSocket(hub(), t.centre.agent('bob'))
    const { waitingSince } = await conversationRow(hub(), t.conversationId)
    await hub().fake.advance(30_000)
    await bob.goAvailable()
    await t.ann.ask('conversation.assign', { conversationId: t.conversationId, queueId: t.centre.queue('orders'), note: 'wants a refund' })
    expect(await bob.acceptNext()).toBe(t.conversationId)
    expect(await conversationRow(hub(), t.conversationId)).toMatchObject({
      status: 'active',
      assigneeId: bob.agent.id,
      queueId: t.centre.queue('orders'),
      waitingSince,
      queuedAt: waitingSince + 30_000,
    })
    const { messages } = await factsOf(hub(), t.centre.line.inboxId)
    expect(textsOf(messages)).toEqual([
      'hello',
      'conversation.accepted',
      'wants a refund',
      'conversation.to_queue',
      'conversation.accepted',
    ])
    expect(messages[2]).toMatchObject({ direction: 'note' })
    bob.close()
    t.close()
  })

  it('to a colleague: it is offered to them alone, before what is shared', async () => {
    const t = await talk(hub(), { agents: { ann: {}, bob: { capacity: { max: { line: 1 }, weights: {} } }, cat: {} } })
    const [bob, cat] = [await agentSocket(hub(), t.centre.agent('bob')), await agentSocket(hub(), t.centre.agent('cat'))]
    await cat.goAvailable()
    await bob.ask('presence.renew', {})
    await bob.ask('state.set', { state: 'busy', reason: 'lunch' })
    await t.ann.ask('conversation.assign', { conversationId: t.conversationId, agentId: bob.agent.id })
    await hub().fake.advance(5_000)
    expect(await conversationRow(hub(), t.conversationId)).toMatchObject({
      status: 'queued',
      personal: true,
      preferredAgentId: bob.agent.id,
    })
    await bob.goAvailable()
    expect(await bob.acceptNext()).toBe(t.conversationId)
    expect(await conversationRow(hub(), t.conversationId)).toMatchObject({ assigneeId: bob.agent.id, personal: false })
    for (const console of [bob, cat]) console.close()
    t.close()
  })

  it('goes to the queue when the colleague does not take it in time', async () => {
    const t = await talk(hub(), { agents: { ann: {}, bob: {}, cat: {} } })
    const [bob, cat] = [await agentSocket(hub(), t.centre.agent('bob')), await agentSocket(hub(), t.centre.agent('cat'))]
    await bob.ask('presence.renew', {})
    await bob.ask('state.set', { state: 'busy', reason: 'a talk' })
    await cat.goAvailable()
    await t.ann.ask('state.set', { state: 'away' })
    await t.ann.ask('conversation.assign', { conversationId: t.conversationId, agentId: bob.agent.id })
    await hub().fake.advance(10_000)
    expect((await conversationRow(hub(), t.conversationId)).status).toBe('queued')
    hub().fake.jump(301_000)
    for (const console of [bob, cat]) await console.ask('presence.renew', {})
    expect(await cat.acceptNext()).toBe(t.conversationId)
    for (const console of [bob, cat]) console.close()
    t.close()
  })

  it('puts it into an agent’s hands at once for those who may, unless the hands are full (I4)', async () => {
    const { agent, customer, line } = await makeCentre(hub(), {
      agents: { ann: { capacity: { max: { line: 2 }, weights: {} } }, sue: { role: 'supervisor' } },
    })
    for (const name of ['Chen', 'Lin', 'Wu']) await customer(name).sendText('hello')
    const sue = apiOf(hub(), agent('sue'))
    const { conversations } = await factsOf(hub(), line.inboxId)
    const assign = (id: string | undefined, agentId = agent('ann').id) =>
      sue.send('POST', `/api/v1/conversations/${id}/assign`, { agentId })
    expect((await assign(conversations[0]?.id)).status).toBe(200)
    const last = await Promise.all([assign(conversations[1]?.id), assign(conversations[2]?.id)])
    expect(last.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
    expect(last.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'no_room', detail: expect.stringContaining('ann') })
    // Who holds it already needs no second slot.
    expect((await assign(conversations[0]?.id)).status).toBe(200)
    const held = (await factsOf(hub(), line.inboxId)).conversations.filter(({ assigneeId }) => assigneeId === agent('ann').id)
    expect(held).toHaveLength(2)
    await apiOf(hub(), agent('ann')).send('POST', `/api/v1/conversations/${held[0]?.id}/finish`)
    await apiOf(hub(), agent('ann')).send('POST', `/api/v1/conversations/${held[0]?.id}/wrap-up`, {})
    const left = (await factsOf(hub(), line.inboxId)).conversations.find(({ status }) => status === 'queued')
    expect((await assign(left?.id)).status).toBe(200)
    const reopened = await apiOf(hub(), agent('ann')).send('POST', `/api/v1/conversations/${held[0]?.id}/reopen`)
    expect(reopened).toMatchObject({ status: 409, body: { code: 'no_room' } })
  })

  it('takes an offered conversation out of the other’s ears', async () => {
    const { agent, customer } = await makeCentre(hub(), { agents: { ann: {}, bob: {}, sue: { role: 'supervisor' } } })
    const ann = await agentSocket(hub(), agent('ann'))
    await ann.goAvailable()
    await customer().sendText('hello')
    const offer = await ann.nextOffer()
    const sue = apiOf(hub(), agent('sue'))
    expect((await sue.send('POST', `/api/v1/conversations/${offer.conversationId}/assign`, { agentId: agent('bob').id })).status).toBe(200)
    const ended = await ann.heard('offer.changed', ({ offer: { id, status } }) => id === offer.id && status !== 'pending')
    expect(ended.offer.status).toBe('withdrawn')
    await expect(ann.ask('offer.accept', { offerId: offer.id })).rejects.toMatchObject({
      wire: { kind: 'conflict', code: 'offer_ended', details: { status: 'withdrawn', assignee: { name: 'bob' } } },
    })
    ann.close()
  })

  it('refuses receivers that are not there, and what is over', async () => {
    const t = await talk(hub(), twoQueues)
    const sue = apiOf(hub(), t.centre.agent('sue'))
    const path = `/api/v1/conversations/${t.conversationId}`
    expect(await sue.send('POST', `${path}/assign`, { agentId: 'nobody' })).toMatchObject({
      status: 400,
      body: { fields: [{ path: 'agentId' }] },
    })
    expect(await sue.send('POST', `${path}/assign`, { queueId: 'nowhere' })).toMatchObject({
      status: 400,
      body: { fields: [{ path: 'queueId' }] },
    })
    expect((await sue.send('POST', `${path}/assign`, {})).status).toBe(400)
    expect((await sue.send('POST', `${path}/assign`, { agentId: 'a', queueId: 'b' })).status).toBe(400)
    await sue.send('POST', `${path}/wrap-up`, {})
    expect(await sue.send('POST', `${path}/assign`, { queueId: t.centre.queue('main') })).toMatchObject({
      status: 409,
      body: { code: 'wrong_state' },
    })
    expect((await apiOf(hub(), t.centre.agent('bob')).send('POST', `${path}/assign`, { queueId: t.centre.queue('main') })).status).toBe(404)
    t.close()
  })

  it('keeps the first of two hand-overs at once', async () => {
    const t = await talk(hub(), { agents: { ann: {}, sue: { role: 'supervisor' }, bob: {}, cat: {} } })
    const sue = apiOf(hub(), t.centre.agent('sue'))
    const names = ['bob', 'cat', 'ann', 'bob', 'cat']
    const answers = await Promise.all(
      names.map((name) => sue.send('POST', `/api/v1/conversations/${t.conversationId}/assign`, { agentId: t.centre.agent(name).id })),
    )
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    const row = await conversationRow(hub(), t.conversationId)
    const last = await until('the log has told all', async () => {
      const { events } = await factsOf(hub(), t.centre.line.inboxId)
      const moves = events.filter(({ data }) => data.what === 'assigned')
      return moves.length === names.length ? moves.at(-1) : null
    })
    expect(row.assigneeId).toBe(last.data.agentId)
    t.close()
  })
})
