import { describe, expect, it } from 'vitest'
import { makeCentre } from '../../support/centre.ts'
import { factsOf, textsOf } from '../../support/facts.ts'
import { databases, startTestHub, useHub } from '../../support/hub.ts'
import { visitor } from '../../support/visitor.ts'
import { postEvents, textEvent } from '../../support/webhooks.ts'

const five = [1, 2, 3, 4, 5]

describe.each(databases)('what comes again, %s', (database) => {
  const hub = useHub({ database })

  it('has one effect, one after the other and five at once (F26)', async () => {
    const { line, customer } = await makeCentre(hub())
    const { userId } = customer()
    const first = textEvent(userId, 'first')
    expect((await postEvents(line, [first])).status).toBe(200)
    const redelivered = { ...first, deliveryContext: { isRedelivery: true } }
    expect((await postEvents(line, [redelivered])).status).toBe(200)
    const second = textEvent(userId, 'second')
    const answers = await Promise.all(five.map(() => postEvents(line, [second])))
    expect(answers.map(({ status }) => status)).toEqual(five.map(() => 200))
    const { deliveries, messages, events } = await factsOf(hub(), line.inboxId)
    expect(textsOf(messages)).toEqual(['first', 'second'])
    expect(deliveries.map(({ status, repeats }) => [status, repeats])).toEqual([
      ['processed', 1],
      ['processed', 4],
    ])
    expect(events.filter(({ type }) => type === 'message.created')).toHaveLength(2)
  })

  it('makes one first message of five at once from somebody new', async () => {
    const { line, customer } = await makeCentre(hub())
    const event = textEvent(customer().userId, 'hello')
    const answers = await Promise.all(five.map(() => postEvents(line, [event])))
    expect(answers.map(({ status }) => status)).toEqual(five.map(() => 200))
    const { conversations, messages, deliveries } = await factsOf(hub(), line.inboxId)
    expect([conversations.length, messages.length, deliveries.length]).toEqual([1, 1, 1])
  })

  it('knows a message by its own id under another event id, and says so in the ledger', async () => {
    const { line, customer } = await makeCentre(hub())
    const { userId } = customer()
    const event = textEvent(userId, 'hello')
    const sameMessage = { ...textEvent(userId, 'hello'), message: event.message }
    const answers = await Promise.all([postEvents(line, [event]), postEvents(line, [sameMessage])])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    const { deliveries, messages, conversations } = await factsOf(hub(), line.inboxId)
    expect(messages).toHaveLength(1)
    expect(conversations).toMatchObject([{ messageCount: 1 }])
    expect(deliveries.map(({ status }) => status).sort()).toEqual(['duplicate', 'processed'])
  })

  it('takes a body again whole, and keeps its bytes once', async () => {
    const { line, customer } = await makeCentre(hub())
    const { userId } = customer()
    const batch = five.map((n) => textEvent(userId, `message ${n}`))
    for (let round = 0; round < 3; round++) expect((await postEvents(line, batch)).status).toBe(200)
    const more = [...batch, textEvent(userId, 'message 6')]
    expect((await postEvents(line, more)).status).toBe(200)
    const { messages, deliveries } = await factsOf(hub(), line.inboxId)
    expect(textsOf(messages)).toEqual([...five, 6].map((n) => `message ${n}`))
    const { db, t } = hub().ctx.store
    const bodies = await db.select().from(t.deliveryBodies)
    const own = new Set(deliveries.map(({ bodyId }) => bodyId))
    expect(bodies.filter(({ id }) => own.has(id)).length).toBe(2)
    expect(own.size).toBe(2)
  })

  it('is one message of a visitor under one client id, however often the browser sends it (F20)', async () => {
    const { webchatInboxId } = await makeCentre(hub())
    const browser = await visitor(hub(), webchatInboxId)
    const said = await Promise.all(five.map(() => browser.say('hello', 'client-id-1')))
    expect(new Set(said.map(({ id }) => id)).size).toBe(1)
    expect((await browser.say('hello', 'client-id-1')).id).toBe(said[0]?.id)
    expect((await factsOf(hub(), webchatInboxId)).messages).toHaveLength(1)
    browser.close()
  })
})

describe('what comes again on two hubs over one PostgreSQL', () => {
  it('has one effect', async () => {
    const first = await startTestHub({ database: 'postgres' })
    const second = await startTestHub({ beside: first })
    const { line, customer } = await makeCentre(first)
    const beside = { ...line, webhookUrl: `${second.url}/webhooks/line/${line.inboxId}` }
    const people = five.map(() => customer().userId)
    for (const userId of people) {
      const event = textEvent(userId, 'hello')
      const answers = await Promise.all([line, beside, line, beside, beside].map((inbox) => postEvents(inbox, [event])))
      expect(answers.map(({ status }) => status)).toEqual(five.map(() => 200))
    }
    const { conversations, messages, deliveries } = await factsOf(first, line.inboxId)
    expect([conversations.length, messages.length]).toEqual([5, 5])
    expect(deliveries.map(({ status, repeats }) => [status, repeats])).toEqual(people.map(() => ['processed', 4]))
    await second.check()
    await second.stop()
    await first.stop()
  })
})
