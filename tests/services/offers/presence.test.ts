import { describe, expect, it } from 'vitest'
import { agentSocket } from '../../support/agent-client.ts'
import { makeCentre } from '../../support/centre.ts'
import { conversationRow, factsOf } from '../../support/facts.ts'
import { databases, useHub } from '../../support/hub.ts'
import { passTime, talk } from '../../support/talk.ts'
import { until } from '../../support/until.ts'

describe.each(databases)('offers and who is there, %s', (database) => {
  const hub = useHub({ database })

  it('come to whoever keeps their lease, however long they have been idle', async () => {
    const { agent, customer } = await makeCentre(hub())
    const ann = await agentSocket(hub(), agent('ann'))
    await ann.goAvailable()
    for (let i = 0; i < 8; i++) {
      await hub().fake.advance(15_000)
      await ann.ask('presence.renew', {})
    }
    await customer().sendText('hello')
    expect((await ann.nextOffer()).agentId).toBe(ann.agent.id)
    ann.close()
  })

  it('come again to somebody whose lease ran out for a moment and who is back', async () => {
    const { agent, customer } = await makeCentre(hub())
    const ann = await agentSocket(hub(), agent('ann'))
    await ann.goAvailable()
    await customer().sendText('hello')
    const first = await ann.nextOffer()
    // A laptop sleeps: no timer of its console runs, and the hub's sweep comes late as well.
    hub().fake.jump(46_000)
    await ann.ask('presence.renew', {})
    await passTime(hub(), 30_000)
    await ann.ask('state.set', { state: 'available' })
    await until('it is offered again', async () => {
      const offers = ann.events.filter((event) => event.name === 'offer.changed')
      return offers.some(
        (event) => event.name === 'offer.changed' && event.body.offer.id !== first.id && event.body.offer.status === 'pending',
      )
    })
    ann.close()
  })

  it('are withdrawn when the lease runs out, and go to the next at the age they had (F21)', async () => {
    const { agent, customer, line } = await makeCentre(hub(), { agents: { ann: {}, bob: {} } })
    const [ann, bob] = [await agentSocket(hub(), agent('ann')), await agentSocket(hub(), agent('bob'))]
    await ann.goAvailable()
    await customer().sendText('hello')
    const lost = await ann.nextOffer()
    const { waitingSince } = (await factsOf(hub(), line.inboxId)).conversations[0] ?? {}
    ann.socket.io.engine.close()
    await bob.goAvailable()
    await passTime(hub(), 30_000)
    await bob.ask('presence.renew', {})
    await passTime(hub(), 20_000)
    await bob.ask('presence.renew', {})
    const offer = await bob.nextOffer()
    expect(offer.conversationId).toBe(lost.conversationId)
    expect((await conversationRow(hub(), offer.conversationId)).waitingSince).toBe(waitingSince)
    const { db, t } = hub().ctx.store
    const ended = (await db.select().from(t.offers)).find(({ id }) => id === lost.id)
    expect(ended).toMatchObject({ status: 'withdrawn', reason: 'agent_absent' })
    bob.close()
  })

  it('bring a waiting customer back to the queue when their agent stays away, and leave answered ones with them', async () => {
    const t = await talk(hub(), { agents: { ann: {}, bob: {} } })
    const wu = t.centre.customer('Wu')
    await wu.sendText('me too')
    const answered = await t.ann.acceptNext()
    await t.ann.ask('message.send', { conversationId: answered, clientId: 'client-answered', parts: [{ type: 'text', text: 'hi' }] })
    const { waitingSince } = await conversationRow(hub(), t.conversationId)
    t.close()
    await passTime(hub(), 50_000)
    expect(await conversationRow(hub(), t.conversationId)).toMatchObject({ status: 'active', assigneeId: t.centre.agent('ann').id })
    await passTime(hub(), 125_000)
    expect(await conversationRow(hub(), t.conversationId)).toMatchObject({ status: 'queued', assigneeId: null, waitingSince })
    expect(await conversationRow(hub(), answered)).toMatchObject({ status: 'active', assigneeId: t.centre.agent('ann').id })
    await wu.sendText('are you there?')
    await passTime(hub(), 5_000)
    expect(await conversationRow(hub(), answered)).toMatchObject({ status: 'queued', assigneeId: null })
  })

  it('are withdrawn when their agent goes away or is put away, and stay when they only look away', async () => {
    const { agent, customer } = await makeCentre(hub(), { agents: { ann: {}, bob: {} } })
    const [ann, bob] = [await agentSocket(hub(), agent('ann')), await agentSocket(hub(), agent('bob'))]
    await ann.goAvailable()
    await customer().sendText('hello')
    const offer = await ann.nextOffer()
    await bob.goAvailable()
    await ann.ask('state.set', { state: 'away', reason: 'lunch' })
    expect((await bob.nextOffer()).conversationId).toBe(offer.conversationId)
    await expect(ann.ask('offer.accept', { offerId: offer.id })).rejects.toMatchObject({
      wire: { code: 'offer_ended', details: { status: 'withdrawn' } },
    })
    for (const console of [ann, bob]) console.close()
  })
})
