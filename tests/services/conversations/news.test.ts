import { describe, expect, it } from 'vitest'
import { agentSocket } from '../../support/agent-client.ts'
import { makeCentre } from '../../support/centre.ts'
import { factsOf, pointsOf, textsOf } from '../../support/facts.ts'
import { databases, type TestHub, useHub } from '../../support/hub.ts'
import { eventOf, postEvents, textEvent } from '../../support/webhooks.ts'

const at = (minute: number) => Date.UTC(2026, 0, 5, 1, minute)
const edit = (userId: string, id: string, text: string, minute: number) =>
  eventOf('messageEdited', userId, { message: { type: 'text', id, text }, timestamp: at(minute) })
const unsend = (userId: string, messageId: string) => eventOf('unsend', userId, { unsend: { messageId } })

describe.each(databases)('what customers do to what they said, %s (F27)', (database) => {
  const hub = useHub({ database })

  it('takes a message back: a tombstone stays, and its words are nowhere any more', async () => {
    const { line, customer } = await makeCentre(hub())
    const { userId } = customer()
    const secret = textEvent(userId, 'canary-one')
    expect((await postEvents(line, [textEvent(userId, 'before'), secret, textEvent(customer().userId, 'somebody else')])).status).toBe(200)
    expect(await placesOf(hub(), 'canary-one')).not.toEqual([])
    expect((await postEvents(line, [unsend(userId, secret.message.id)])).status).toBe(200)
    const { conversations, messages, events } = await factsOf(hub(), line.inboxId)
    expect(messages.filter(({ conversationId }) => conversationId === conversations[0]?.id)).toMatchObject([
      { ordinal: 1 },
      { ordinal: 2, parts: [], unsentAt: expect.any(Number) },
    ])
    expect(conversations[0]).toMatchObject({ messageCount: 2, preview: { kind: 'unsent', text: '' } })
    expect(events.at(-1)).toMatchObject({ type: 'message.changed', data: { what: 'unsent' } })
    expect(await placesOf(hub(), 'canary-one')).toEqual([])
    expect(await placesOf(hub(), 'somebody else')).not.toEqual([])
  })

  it('leaves nothing when a message and its taking back come at the same moment', async () => {
    const { line, customer } = await makeCentre(hub())
    const { userId } = customer()
    await postEvents(line, [textEvent(userId, 'before')])
    for (let round = 0; round < 8; round++) {
      const sender = round % 2 === 0 ? userId : customer().userId
      const event = textEvent(sender, 'canary-zero')
      const answers = await Promise.all([postEvents(line, [event]), postEvents(line, [unsend(sender, event.message.id)])])
      expect(answers.map(({ status }) => status)).toEqual([200, 200])
    }
    expect(await placesOf(hub(), 'canary-zero')).toEqual([])
  })

  it('takes it back from the list, too, when a line of ours stands after it', async () => {
    const { line, customer, agent } = await makeCentre(hub())
    const ann = await agentSocket(hub(), agent('ann'))
    await ann.goAvailable()
    const chen = customer()
    const { messageId } = await chen.sendText('canary-two')
    await ann.acceptNext()
    await chen.unsend(messageId)
    expect((await factsOf(hub(), line.inboxId)).conversations).toMatchObject([{ messageCount: 2, preview: { kind: 'unsent' } }])
    expect(await placesOf(hub(), 'canary-two')).toEqual([])
    ann.close()
  })

  it('does not show a message that was taken back before it came', async () => {
    const { line, customer } = await makeCentre(hub())
    const { userId } = customer()
    const event = textEvent(userId, 'canary-three')
    await postEvents(line, [unsend(userId, event.message.id)])
    for (let times = 0; times < 2; times++) expect((await postEvents(line, [event])).status).toBe(200)
    const { conversations, messages } = await factsOf(hub(), line.inboxId)
    expect([conversations, messages]).toEqual([[], []])
    expect(await placesOf(hub(), 'canary-three')).toEqual([])
  })

  it('shows the newest edit, in whatever order edits and the message come', async () => {
    const { line, customer } = await makeCentre(hub())
    const orders = ['message old new', 'message new old', 'old message new', 'new message old', 'old new message', 'new old message']
    for (const order of orders) {
      const { userId } = customer()
      const message = textEvent(userId, 'as written', { timestamp: at(0) })
      const events: Record<string, unknown> = {
        message,
        old: edit(userId, message.message.id, 'first edit', 1),
        new: edit(userId, message.message.id, 'second edit', 2),
      }
      for (const name of order.split(' ')) expect((await postEvents(line, [events[name]])).status).toBe(200)
    }
    const { messages, conversations } = await factsOf(hub(), line.inboxId)
    expect(messages.map(({ editedAt, ordinal }) => [editedAt, ordinal])).toEqual(orders.map(() => [at(2), 1]))
    expect(textsOf(messages)).toEqual(orders.map(() => 'second edit'))
    expect(conversations.map(({ preview }) => preview?.text)).toEqual(orders.map(() => 'second edit'))
  })

  it('takes an edited message back with all its versions', async () => {
    const { line, customer } = await makeCentre(hub())
    const { userId } = customer()
    const event = textEvent(userId, 'canary-four')
    for (const events of [
      [edit(userId, event.message.id, 'canary-four edited early', 1)],
      [event],
      [edit(userId, event.message.id, 'canary-four edited late', 2)],
    ]) {
      expect((await postEvents(line, events)).status).toBe(200)
    }
    await postEvents(line, [unsend(userId, event.message.id)])
    await postEvents(line, [edit(userId, event.message.id, 'canary-four edited too late', 3)])
    expect((await factsOf(hub(), line.inboxId)).messages).toMatchObject([{ parts: [] }])
    expect(await placesOf(hub(), 'canary-four')).toEqual([])
  })
})

describe.each(databases)('who can be reached, %s', (database) => {
  const hub = useHub({ database })

  it('knows a follower as a contact without work, and forgets nobody who leaves', async () => {
    const { line, customer } = await makeCentre(hub())
    const [follower, stranger] = [customer('Lin Mei'), customer()]
    await follower.follow()
    await stranger.unfollow()
    expect(await pointsOf(hub(), follower.userId)).toMatchObject([{ blockedAt: null }])
    expect(await pointsOf(hub(), stranger.userId)).toEqual([])
    expect((await factsOf(hub(), line.inboxId)).conversations).toEqual([])
  })

  it('refuses to answer somebody who left, says so, and answers again when they write', async () => {
    const { line, customer, agent } = await makeCentre(hub())
    const ann = await agentSocket(hub(), agent('ann'))
    await ann.goAvailable()
    const chen = customer()
    await chen.sendText('hello')
    const conversationId = await ann.acceptNext()
    const answer = (clientId: string) => ann.ask('message.send', { conversationId, clientId, parts: [{ type: 'text', text: 'good day' }] })
    await chen.unfollow()
    await expect(answer('client-a')).rejects.toMatchObject({ wire: { kind: 'conflict', code: 'blocked' } })
    const gone = await ann.heard('conversation.changed', ({ conversation }) => conversation.blocked)
    expect(gone.conversation.id).toBe(conversationId)
    // The news that they are back is lost; that they write says it as well.
    await postEvents(line, [textEvent(chen.userId, 'me again', { timestamp: Date.UTC(2026, 0, 6) })])
    expect(await pointsOf(hub(), chen.userId)).toMatchObject([{ blockedAt: null }])
    expect((await answer('client-b')).message.delivery).not.toBeNull()
    ann.close()
  })

  it('goes by the provider’s time when leaving and coming back change places', async () => {
    const { line, customer } = await makeCentre(hub())
    const { userId } = customer()
    const left = eventOf('unfollow', userId, { timestamp: at(2) })
    const back = eventOf('follow', userId, { timestamp: at(3) })
    for (const event of [eventOf('follow', userId, { timestamp: at(1) }), back, left])
      expect((await postEvents(line, [event])).status).toBe(200)
    expect(await pointsOf(hub(), userId)).toMatchObject([{ blockedAt: null }])
    await postEvents(line, [eventOf('unfollow', userId, { timestamp: at(4) })])
    expect(await pointsOf(hub(), userId)).toMatchObject([{ blockedAt: expect.any(Number) }])
  })
})

/** Tables that hold a text anywhere, read row by row. */
async function placesOf({ ctx: { store } }: TestHub, text: string): Promise<string[]> {
  const places: string[] = []
  for (const [name, table] of Object.entries(store.t)) {
    const rows: unknown[] = await store.db.select().from(table)
    if (JSON.stringify(rows).includes(text)) places.push(name)
  }
  return places
}
