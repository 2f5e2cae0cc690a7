import { describe, expect, it } from 'vitest'
import { expireOffer } from '../../../src/services/offers/expire-offer.ts'
import { type AgentConsole, agentSocket, apiOf, CallRefused } from '../../support/agent-client.ts'
import { type AgentTraits, type Centre, type CentreOptions, makeCentre } from '../../support/centre.ts'
import { conversationRow, factsOf } from '../../support/facts.ts'
import { databases, type TestHub, useHub } from '../../support/hub.ts'
import { passTime } from '../../support/talk.ts'
import { until } from '../../support/until.ts'
import { visitor } from '../../support/visitor.ts'

const roomy: AgentTraits = { capacity: { max: { line: 100 }, weights: { line: 0 } } }

/** A centre whose agents are all available, the first named idle for longest. */
async function staffed(
  hub: TestHub,
  names: readonly string[],
  options: CentreOptions = {},
): Promise<Centre & { consoles: Record<string, AgentConsole>; close(): void }> {
  const agents = Object.fromEntries(names.map((name) => [name, roomy]))
  const centre = await makeCentre(hub, { agents, ...options })
  const consoles: Record<string, AgentConsole> = {}
  for (const name of names) {
    const console = await agentSocket(hub, centre.agent(name))
    await hub.fake.advance(1_000)
    await console.goAvailable()
    consoles[name] = console
  }
  const close = () => {
    for (const console of Object.values(consoles)) console.close()
  }
  return { ...centre, consoles, close }
}

/** The pending offer of a conversation. */
async function offerOf({ ctx: { store } }: TestHub, conversationId: string) {
  return until('it is offered', async () => {
    const offers = await store.db.select().from(store.t.offers)
    return offers.find((offer) => offer.conversationId === conversationId && offer.status === 'pending')
  })
}

async function waitingIds(hub: TestHub, centre: Centre): Promise<string[]> {
  return (await factsOf(hub, centre.line.inboxId)).conversations.map(({ id }) => id)
}

describe.each(databases)('who is offered what, %s', (database) => {
  const hub = useHub({ database })

  it('goes to whoever has been idle for longest, one after the other', async () => {
    const centre = await staffed(hub(), ['ann', 'bob', 'cat'])
    const taken: string[] = []
    for (const name of ['one', 'two', 'three', 'four']) {
      await hub().fake.advance(1_000)
      await centre.customer(name).sendText('hello')
      const [newest = ''] = (await waitingIds(hub(), centre)).slice(-1)
      const { agentId, id } = await offerOf(hub(), newest)
      const console = Object.values(centre.consoles).find(({ agent }) => agent.id === agentId)
      await console?.ask('offer.accept', { offerId: id })
      taken.push(console?.agent.name ?? '')
    }
    expect(taken).toEqual(['ann', 'bob', 'cat', 'ann'])
    centre.close()
  })

  it('goes to who has the skill, and says why the others were not asked', async () => {
    const centre = await makeCentre(hub(), {
      queues: { main: { requiredSkills: [{ skillId: 'tea', minLevel: 3 }] } },
      agents: { ann: {}, bob: { skills: { tea: 2 } }, cat: { skills: { tea: 5 } }, dan: { queues: [] } },
    })
    const consoles = []
    for (const name of ['ann', 'bob', 'cat', 'dan']) {
      const console = await agentSocket(hub(), centre.agent(name))
      await console.goAvailable()
      consoles.push(console)
    }
    await centre.customer().sendText('which oolong?')
    const [, , cat] = consoles
    const offer = await cat?.nextOffer()
    const why = offer?.why
    expect(why?.chosen?.agentId).toBe(centre.agent('cat').id)
    const reasonOf = (name: string) => why?.excluded.find(({ agentIds }) => agentIds.includes(centre.agent(name).id))?.reason
    expect(['ann', 'bob', 'dan'].map(reasonOf)).toEqual(['skill', 'skill', 'not_member'])
    for (const console of consoles) console.close()
  })

  it('returns at its age when it is declined, with the reason, and goes to the next', async () => {
    const centre = await staffed(hub(), ['ann', 'bob'])
    await centre.customer().sendText('hello')
    const { ann, bob } = centre.consoles
    const offer = await ann?.nextOffer()
    const { waitingSince } = await conversationRow(hub(), offer?.conversationId ?? '')
    await hub().fake.advance(3_000)
    await ann?.ask('offer.decline', { offerId: offer?.id ?? '', reason: 'on the phone' })
    expect((await bob?.nextOffer())?.conversationId).toBe(offer?.conversationId)
    expect(await conversationRow(hub(), offer?.conversationId ?? '')).toMatchObject({ waitingSince, avoid: [{ agentId: ann?.agent.id }] })
    const { offers } = hub().ctx.store.t
    expect((await hub().ctx.store.db.select().from(offers)).find(({ id }) => id === offer?.id)).toMatchObject({
      status: 'declined',
      reason: 'on the phone',
    })
    await expect(ann?.ask('offer.decline', { offerId: offer?.id ?? '' })).rejects.toMatchObject({ wire: { code: 'offer_ended' } })
    centre.close()
  })

  it('puts who lets it run out to "not responding" and goes to the next at its age; they come back themselves', async () => {
    const centre = await staffed(hub(), ['ann', 'bob'])
    await centre.customer().sendText('hello')
    const { ann, bob } = centre.consoles
    const offer = await ann?.nextOffer()
    expect(offer?.expiresAt).toBe(hub().clock.now() + 60_000)
    const { waitingSince } = await conversationRow(hub(), offer?.conversationId ?? '')
    for (let i = 0; i < 4; i++) {
      await hub().fake.advance(15_000)
      for (const console of [ann, bob]) await console?.ask('presence.renew', {})
    }
    expect((await bob?.nextOffer())?.conversationId).toBe(offer?.conversationId)
    expect(
      (await ann?.heard('agent.changed', ({ agent }) => agent.id === ann.agent.id && agent.state === 'not_responding'))?.agent.stateReason,
    ).toBe('missed_offer')
    expect((await conversationRow(hub(), offer?.conversationId ?? '')).waitingSince).toBe(waitingSince)
    const late = await ann?.ask('offer.accept', { offerId: offer?.id ?? '' }).catch((error: unknown) => error)
    expect(late).toMatchObject({ wire: { kind: 'conflict', code: 'offer_ended', details: { status: 'expired' } } })
    await bob?.ask('state.set', { state: 'away' })
    await hub().fake.advance(2_000)
    expect((await conversationRow(hub(), offer?.conversationId ?? '')).status).toBe('queued')
    await ann?.ask('state.set', { state: 'available' })
    expect((await ann?.nextOffer())?.conversationId).toBe(offer?.conversationId)
    centre.close()
  })

  it('keeps to what an agent may hold over all channels together, and fills each place that comes free', async () => {
    const capacity = { max: { line: 3, webchat: 3 }, weights: { line: 15, webchat: 20 }, total: 50 }
    const centre = await staffed(hub(), ['ann'], { agents: { ann: { capacity } } })
    const { ann } = centre.consoles
    const browsers = [await visitor(hub(), centre.webchatInboxId), await visitor(hub(), centre.webchatInboxId)]
    await centre.customer('one').sendText('hello')
    const first = await ann?.acceptNext()
    await browsers[0]?.say('hello')
    await ann?.acceptNext()
    await centre.customer('two').sendText('hello')
    await ann?.acceptNext()
    await browsers[1]?.say('hello')
    await centre.customer('three').sendText('hello')
    await hub().fake.advance(3_000)
    const waiting = async () => {
      const all = [
        ...(await factsOf(hub(), centre.line.inboxId)).conversations,
        ...(await factsOf(hub(), centre.webchatInboxId)).conversations,
      ]
      return all
        .filter(({ status }) => status === 'queued')
        .map(({ channel }) => channel)
        .sort()
    }
    expect(await waiting()).toEqual(['line', 'webchat'])
    await ann?.ask('conversation.wrap-up', { conversationId: first ?? '' })
    const next = await ann?.nextOffer()
    expect(next?.conversation.channel).toBe('line')
    expect(await waiting()).toEqual(['webchat'])
    for (const browser of browsers) browser.close()
    centre.close()
  })
})

describe.each(databases)('an offer ends once, %s', (database) => {
  const hub = useHub({ database })

  it('when its agent accepts it on every tab while fifty others try (F33)', async () => {
    const others = Array.from({ length: 10 }, (_, i) => `other${i}`)
    const centre = await staffed(hub(), ['ann'], { agents: { ann: roomy, ...Object.fromEntries(others.map((name) => [name, roomy])) } })
    const { ann } = centre.consoles
    if (ann === undefined) throw new Error('ann is not there')
    const tabs = await Promise.all(Array.from({ length: 8 }, () => agentSocket(hub(), ann.agent)))
    const strangers = await Promise.all(others.map((name) => agentSocket(hub(), centre.agent(name))))
    for (let round = 0; round < 5; round++) {
      await centre.customer(`customer ${round}`).sendText('hello')
      const { id: offerId } = await ann.nextOffer()
      const api = apiOf(hub(), ann.agent)
      const tries = [
        ...[...tabs, ann].flatMap((tab) => [tab, tab]).map((tab) => tab.ask('offer.accept', { offerId })),
        ...Array.from({ length: 8 }, async () => {
          const { status, body } = await api.send<{ code: string }>('POST', `/api/v1/offers/${offerId}/accept`)
          if (status !== 200) throw new CallRefused('accept', { kind: 'conflict', code: body.code, detail: '' })
        }),
        ...strangers.flatMap((stranger) => [1, 2, 3].map(() => stranger.ask('offer.accept', { offerId }))),
      ]
      const outcomes = await Promise.allSettled(tries)
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const codes = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [(outcome.reason as CallRefused).wire.code] : []))
      expect(codes.filter((code) => code === 'offer_ended')).toHaveLength(25)
      expect(codes.filter((code) => code === 'not_found')).toHaveLength(30)
    }
    for (const console of [...tabs, ...strangers]) console.close()
    centre.close()
  })

  it.each([-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5])('whatever happens to it %i ms from its deadline (F34)', async (fromDeadlineMs) => {
    const centre = await staffed(hub(), ['ann'])
    const { ann } = centre.consoles
    if (ann === undefined) throw new Error('ann is not there')
    const acts: Record<string, (offerId: string) => Promise<unknown>> = {
      accept: (offerId) => ann.ask('offer.accept', { offerId }),
      decline: (offerId) => ann.ask('offer.decline', { offerId }),
      expire: (offerId) => expireOffer(hub().ctx, offerId),
      away: () => ann.ask('state.set', { state: 'away' }),
      sweep: () => hub().fake.advance(0),
    }
    const names = Object.keys(acts)
    await centre.customer().sendText('hello')
    const offer = await ann.nextOffer()
    hub().fake.jump(offer.expiresAt + fromDeadlineMs - hub().clock.now())
    const turn = Math.abs(fromDeadlineMs) % names.length
    const order = [...names.slice(turn), ...names.slice(0, turn)]
    const outcomes = await Promise.allSettled(order.map(async (name) => acts[name]?.(offer.id)))
    const said = Object.fromEntries(order.map((name, i) => [name, outcomes[i]?.status]))
    const { db, t } = hub().ctx.store
    const row = (await db.select().from(t.offers)).find(({ id }) => id === offer.id)
    const conversation = await conversationRow(hub(), offer.conversationId)
    expect(row?.status).not.toBe('pending')
    expect(said['accept'] === 'fulfilled').toBe(row?.status === 'accepted')
    expect(said['decline'] === 'fulfilled').toBe(row?.status === 'declined')
    if (fromDeadlineMs >= 0) expect(['expired', 'withdrawn']).toContain(row?.status)
    else expect(row?.status).not.toBe('expired')
    expect(conversation.status === 'active' ? conversation.assigneeId : conversation.status).toBe(
      row?.status === 'accepted' ? ann.agent.id : 'queued',
    )
    await passTime(hub(), 5_000)
    centre.close()
  })

  it('when it ran out, went on and was taken: the first learns who has it', async () => {
    const centre = await staffed(hub(), ['ann', 'bob'])
    const { ann, bob } = centre.consoles
    await centre.customer().sendText('hello')
    const offer = await ann?.nextOffer()
    await ann?.ask('offer.decline', { offerId: offer?.id ?? '' })
    await bob?.acceptNext()
    const late = ann?.ask('offer.accept', { offerId: offer?.id ?? '' })
    await expect(late).rejects.toMatchObject({
      wire: { kind: 'conflict', code: 'offer_ended', details: { status: 'declined', assignee: { id: bob?.agent.id, name: 'bob' } } },
    })
    centre.close()
  })
})
