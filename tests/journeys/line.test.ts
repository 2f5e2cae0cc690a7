import { describe, expect, it } from 'vitest'
import type { Conversation } from '../../src/wire/conversations.ts'
import type { Page } from '../../src/wire/http.ts'
import type { Message } from '../../src/wire/messages.ts'
import { agentSocket, apiOf, logIn } from '../support/agent-client.ts'
import { makeCentre } from '../support/centre.ts'
import { conversationRow, factsOf, textsOf } from '../support/facts.ts'
import { databases, useHub } from '../support/hub.ts'
import { until } from '../support/until.ts'

describe.each(databases)('a customer on LINE, %s', (database) => {
  const hub = useHub({ database })

  it('writes once: one contact, one conversation, one message, and the log tells each once', async () => {
    const { customer, line, queue } = await makeCentre(hub())
    const sent = await customer('Lin Yijun').sendText('你好，請問有烏龍茶嗎？')
    expect(sent.status).toBe(200)
    const { conversations, messages, deliveries, events } = await factsOf(hub(), line.inboxId)
    expect(conversations).toMatchObject([
      { status: 'queued', awaiting: 'agent', queueId: queue('main'), channel: 'line', messageCount: 1, waitingSince: hub().clock.now() },
    ])
    expect(messages).toMatchObject([{ ordinal: 1, direction: 'in', externalId: sent.messageId, deliveryId: deliveries[0]?.id }])
    expect(textsOf(messages)).toEqual(['你好，請問有烏龍茶嗎？'])
    expect(deliveries).toMatchObject([{ status: 'processed', attempts: 1, repeats: 0 }])
    expect(events.map(({ type }) => type)).toEqual(['conversation.created', 'message.created'])
    expect(JSON.stringify(events)).not.toContain('烏龍茶')
  })

  it('is answered by the agent who accepts, free of charge by the reply token, and again by push', async () => {
    const { agent, customer, line } = await makeCentre(hub())
    const ann = await agentSocket(hub(), agent('ann'))
    await ann.goAvailable()
    const chen = customer('Chen Wei')
    await chen.sendText('hello')
    const conversationId = await ann.acceptNext()
    expect(await conversationRow(hub(), conversationId)).toMatchObject({ status: 'active', assigneeId: agent('ann').id, awaiting: 'agent' })
    for (const text of ['good morning', 'how can I help?']) {
      const { message } = await ann.ask('message.send', {
        conversationId,
        clientId: `client-${text.length}`,
        parts: [{ type: 'text', text }],
      })
      await until(
        `"${text}" is accepted`,
        async () => (await apiOf(hub(), agent('ann')).get<Message>(`/api/v1/messages/${message.id}`)).body.delivery?.status === 'accepted',
      )
    }
    const thread = line.account.thread(chen.userId).entries.filter(({ from }) => from === 'account')
    expect(thread.map(({ message, route }) => [message['text'], route])).toEqual([
      ['good morning', 'reply'],
      ['how can I help?', 'push'],
    ])
    expect(await conversationRow(hub(), conversationId)).toMatchObject({ awaiting: 'customer', firstResponseAt: hub().clock.now() })
    ann.close()
  })

  it('stands on the record: the same customer, the whole thread, in the list of the one who logged in', async () => {
    const { agent, customer } = await makeCentre(hub(), { agents: { ann: { logsIn: true } } })
    const ann = await agentSocket(hub(), agent('ann'))
    await ann.goAvailable()
    const chen = customer('Chen Wei')
    await chen.sendText('first')
    const conversationId = await ann.acceptNext()
    await chen.sendText('second')
    const api = await logIn(hub(), agent('ann'))
    const mine = await api.get<Page<Conversation>>('/api/v1/conversations?view=mine')
    expect(mine.body.items.map(({ id }) => id)).toEqual([conversationId])
    const page = await until('the name is known', async () => {
      const { body } = await api.get<Conversation>(`/api/v1/conversations/${conversationId}`)
      return body.contact.name === 'Chen Wei' ? body : null
    })
    expect(page).toMatchObject({ messageCount: 3, preview: { direction: 'in', text: 'second' } })
    const thread = await api.get<Page<Message>>(`/api/v1/conversations/${conversationId}/messages`)
    expect(textsOf(thread.body.items)).toEqual(['first', 'conversation.accepted', 'second'])
    const finished = await api.send<Conversation>('POST', `/api/v1/conversations/${conversationId}/finish`)
    expect(finished).toMatchObject({ status: 200, body: { status: 'wrap_up' } })
    ann.close()
  })
})
