import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createFakeClock, type FakeClock } from '../../../src/adapters/clock-fake.ts'
import { agentSocket } from '../../support/agent-client.ts'
import { makeCentre } from '../../support/centre.ts'
import { conversationRow } from '../../support/facts.ts'
import { startTestHub, type TestHub } from '../../support/hub.ts'
import { until } from '../../support/until.ts'

/** How far the second node's clock is ahead: what it decides carries its time. */
const aheadMs = 3_000

describe('two routers on one PostgreSQL', () => {
  const clocks: FakeClock[] = []
  let first: TestHub
  let second: TestHub

  beforeAll(async () => {
    const clock = createFakeClock()
    clocks.push(clock, createFakeClock(clock.now() + aheadMs))
    first = await startTestHub({ database: 'postgres', clock })
    second = await startTestHub({ beside: first, clock: clocks[1] ?? clock })
  })
  afterEach(async () => {
    await first.check()
  })
  afterAll(async () => {
    await second?.stop()
    await first?.stop()
  })

  const leader = async () => {
    const { db, t } = first.ctx.store
    const [row] = await db.select().from(t.leases).where(eq(t.leases.name, 'router'))
    return row
  }
  const offersOf = async (conversationId: string) => {
    const { db, t } = first.ctx.store
    return (await db.select().from(t.offers)).filter((offer) => offer.conversationId === conversationId)
  }

  it('one decides, also about agents and customers of the other', async () => {
    const { agent, customer } = await makeCentre(first)
    const lease = await leader()
    const ann = await agentSocket(first, agent('ann'), { url: second.url })
    await ann.goAvailable()
    await customer().sendText('hello')
    const offer = await ann.nextOffer()
    expect(await offersOf(offer.conversationId)).toMatchObject([{ createdAt: first.clock.now() }])
    await clocks[1]?.advance(4_000)
    expect(await leader()).toMatchObject({ holder: lease?.holder, token: lease?.token })
    await ann.ask('offer.accept', { offerId: offer.id })
    ann.close()
  })

  it('the other takes over when the leader stands still, and what the leader decides after that counts for nothing (F16, F17)', async () => {
    const { agent, customer } = await makeCentre(first)
    const before = await leader()
    // The first node's clock is not moved any more: it neither renews nor learns that it should have.
    const taken = await until('the second leads', async () => {
      await clocks[1]?.advance(1_000)
      const row = await leader()
      return row?.holder === before?.holder ? null : row
    })
    expect(taken.token).toBe((before?.token ?? 0) + 1)
    const ann = await agentSocket(first, agent('ann'), { url: second.url })
    await ann.goAvailable()
    // The first node hears of all this by the log, and still believes to lead.
    for (const name of ['one', 'two', 'three']) {
      await customer(name).sendText('hello')
      const offer = await ann.nextOffer()
      const offers = await offersOf(offer.conversationId)
      expect(offers).toMatchObject([{ createdAt: second.clock.now() }])
      await ann.ask('offer.accept', { offerId: offer.id })
    }
    expect(await leader()).toMatchObject({ holder: taken.holder, token: taken.token })
    ann.close()
  })

  it('a leader that ends gives its place up at once', async () => {
    const before = await leader()
    await second.stop()
    await until('the first leads again', async () => {
      await clocks[0]?.advance(1_000)
      return (await leader())?.holder !== before?.holder
    })
    const { agent, customer } = await makeCentre(first)
    const ann = await agentSocket(first, agent('ann'))
    await ann.goAvailable()
    await customer().sendText('hello')
    expect((await conversationRow(first, await ann.acceptNext())).assigneeId).toBe(ann.agent.id)
    ann.close()
  })
})
