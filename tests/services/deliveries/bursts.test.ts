import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCentre } from '../../support/centre.ts'
import { factsOf, pointsOf, textsOf } from '../../support/facts.ts'
import { databases, startTestHub, type TestHub, useHub } from '../../support/hub.ts'
import { postEvents, textEvent } from '../../support/webhooks.ts'

const ten = Array.from({ length: 10 }, (_, i) => i + 1)

describe.each(databases)('first messages at once, %s', (database) => {
  const hub = useHub({ database })

  it('makes one contact and one conversation of ten messages in one body, in their order', async () => {
    const { line, customer } = await makeCentre(hub())
    const { userId } = customer()
    expect(
      (
        await postEvents(
          line,
          ten.map((n) => textEvent(userId, `message ${n}`)),
        )
      ).status,
    ).toBe(200)
    const { conversations, messages, events } = await factsOf(hub(), line.inboxId)
    expect(conversations).toHaveLength(1)
    expect(messages.map(({ ordinal }) => ordinal)).toEqual(ten)
    expect(textsOf(messages)).toEqual(ten.map((n) => `message ${n}`))
    expect(events.filter(({ type }) => type === 'conversation.created')).toHaveLength(1)
  })

  it('makes one contact and one conversation of ten webhooks at once', async () => {
    const centre = await makeCentre(hub())
    const { userId } = centre.customer()
    const answers = await Promise.all(ten.map((n) => postEvents(centre.line, [textEvent(userId, `message ${n}`)])))
    expect(answers.map(({ status }) => status)).toEqual(ten.map(() => 200))
    await expectOneConversation(hub(), centre.line.inboxId, userId)
  })

  it('makes one contact of somebody who writes to two accounts of one provider at once', async () => {
    const { line, addLine, customer } = await makeCentre(hub())
    const other = await addLine()
    for (const { userId } of [1, 2, 3, 4, 5].map(() => customer())) {
      const answers = await Promise.all([line, other, line, other].map((inbox) => postEvents(inbox, [textEvent(userId, 'hello')])))
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    }
    for (const inbox of [line, other]) {
      const { conversations, messages, deliveries } = await factsOf(hub(), inbox.inboxId)
      expect(deliveries.filter(({ status }) => status !== 'processed')).toEqual([])
      expect(conversations).toHaveLength(5)
      expect(messages).toHaveLength(10)
    }
    const { conversations } = await factsOf(hub(), line.inboxId)
    const twins = (await factsOf(hub(), other.inboxId)).conversations
    expect(new Set(twins.map(({ contactId }) => contactId))).toEqual(new Set(conversations.map(({ contactId }) => contactId)))
  })

  it('takes bodies that name the same senders in opposite orders', async () => {
    const { line, customer } = await makeCentre(hub())
    const people = Array.from({ length: 8 }, () => customer().userId)
    for (let round = 0; round < 5; round++) {
      const bodies = [people, [...people].reverse(), people, [...people].reverse()]
      const answers = await Promise.all(
        bodies.map((ids) =>
          postEvents(
            line,
            ids.map((userId) => textEvent(userId, `round ${round}`)),
          ),
        ),
      )
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    }
    const { conversations, messages, deliveries } = await factsOf(hub(), line.inboxId)
    expect(deliveries.filter(({ status }) => status !== 'processed')).toEqual([])
    expect(conversations).toHaveLength(people.length)
    expect(messages).toHaveLength(people.length * 20)
  })
})

describe('first messages at two hubs on one PostgreSQL', () => {
  let first: TestHub
  let second: TestHub
  beforeAll(async () => {
    first = await startTestHub({ database: 'postgres' })
    second = await startTestHub({ beside: first })
  })
  afterAll(async () => {
    await second?.stop()
    await first?.stop()
  })

  it('makes one contact and one conversation, in one order that both show', async () => {
    const centre = await makeCentre(first)
    const beside = { ...centre.line, webhookUrl: `${second.url}/webhooks/line/${centre.line.inboxId}` }
    const { userId } = centre.customer()
    const answers = await Promise.all(ten.map((n) => postEvents(n % 2 === 0 ? centre.line : beside, [textEvent(userId, `message ${n}`)])))
    expect(answers.map(({ status }) => status)).toEqual(ten.map(() => 200))
    await expectOneConversation(first, centre.line.inboxId, userId)
    expect((await factsOf(second, centre.line.inboxId)).messages).toEqual((await factsOf(first, centre.line.inboxId)).messages)
    await first.check()
  })
})

async function expectOneConversation(hub: TestHub, inboxId: string, userId: string): Promise<void> {
  const { conversations, messages, deliveries } = await factsOf(hub, inboxId)
  expect(conversations).toHaveLength(1)
  expect(messages.map(({ ordinal }) => ordinal)).toEqual(ten)
  expect([...textsOf(messages)].sort()).toEqual(ten.map((n) => `message ${n}`).sort())
  expect(deliveries.map(({ status }) => status)).toEqual(ten.map(() => 'processed'))
  expect(await pointsOf(hub, userId)).toHaveLength(1)
}
