import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Message } from '../../src/wire/messages.ts'
import type { Participant } from '../../src/wire/participants.ts'
import { agentSocket, apiOf } from '../support/agent-client.ts'
import { makeCentre } from '../support/centre.ts'
import { factsOf, textsOf } from '../support/facts.ts'
import { databases, useHub } from '../support/hub.ts'
import { becomes, talk } from '../support/talk.ts'
import { until } from '../support/until.ts'

const newId = (): string => randomBytes(12).toString('hex')

describe.each(databases)('groups and quotes on LINE, %s', (database) => {
  const hub = useHub({ database })

  /** A group with two people, whose conversation "ann" has accepted. */
  async function groupTalk() {
    const centre = await makeCentre(hub())
    const ann = await agentSocket(hub(), centre.agent('ann'))
    await ann.goAvailable()
    const [mei, ken] = [centre.customer('美美'), centre.customer('<b>Ken</b>')]
    const group = centre.line.account.group(`Family ${newId()}`)
    await group.join()
    await group.add([mei.userId, ken.userId])
    await mei.sendText('大家好', { groupId: group.groupId })
    const conversationId = await ann.acceptNext()
    return { centre, ann, mei, ken, group, conversationId, api: apiOf(hub(), centre.agent('ann')) }
  }

  it('keeps a group as one conversation, each message under the name of the member who wrote it', async () => {
    const { centre, ann, ken, group, conversationId, api } = await groupTalk()
    await ken.sendText('me too', { groupId: group.groupId })
    const { conversations } = await factsOf(hub(), centre.line.inboxId)
    expect(conversations).toHaveLength(1)
    const said = await until('both names are known', async () => {
      const { body } = await api.get<{ items: Message[] }>(`/api/v1/conversations/${conversationId}/messages`)
      const people = body.items.filter(({ direction }) => direction === 'in')
      return people.every(({ author }) => !author.name.startsWith('#')) ? people : null
    })
    expect(said.map(({ author }) => [author.id, author.name])).toEqual([
      [null, '美美'],
      [null, '<b>Ken</b>'],
    ])
    ann.close()
  })

  it('knows who is in the group, and who has left it, whatever the order of the news', async () => {
    const { ann, mei, ken, group, conversationId, api, centre } = await groupTalk()
    const names = async () => {
      const { body } = await api.get<{ items: Participant[] }>(`/api/v1/conversations/${conversationId}/participants`)
      return body.items.map(({ externalId }) => externalId)
    }
    expect((await names()).toSorted()).toEqual([mei.userId, ken.userId].toSorted())
    await hub().fake.advance(1_000)
    await group.remove([ken.userId])
    expect(await names()).toEqual([mei.userId])
    const late = {
      type: 'memberJoined',
      joined: { members: [{ type: 'user', userId: ken.userId }] },
      webhookEventId: newId(),
      deliveryContext: { isRedelivery: true },
      timestamp: hub().clock.now() - 60_000,
      source: { type: 'group', groupId: group.groupId },
      mode: 'active',
    }
    await centre.line.account.postEvents([late])
    expect(await names()).toEqual([mei.userId])
    ann.close()
  })

  it('mentions a member of the group, and everybody, as the platform asks for it', async () => {
    const { centre, ann, mei, group, conversationId } = await groupTalk()
    const text = '@All {see} @美美'
    const entities = [
      { kind: 'mention', index: 0, length: 4, value: 'all' },
      { kind: 'mention', index: 11, length: 3, value: mei.userId },
    ] as const
    const { message } = await ann.ask('message.send', {
      conversationId,
      clientId: newId(),
      parts: [{ type: 'text', text, entities: [...entities] }],
    })
    await becomes(hub(), message.id, 'accepted')
    expect(centre.line.account.thread(group.groupId).entries.at(-1)?.message).toEqual({
      type: 'textV2',
      text: '{mention0} {{see}} {mention1}',
      substitution: {
        mention0: { type: 'mention', mentionee: { type: 'all' } },
        mention1: { type: 'mention', mentionee: { type: 'user', userId: mei.userId } },
      },
    })
    ann.close()
  })

  it('quotes both ways: the customer any of our bubbles, the agent the customer’s message', async () => {
    const t = await talk(hub())
    const { message } = await t.ann.ask('message.send', {
      conversationId: t.conversationId,
      clientId: newId(),
      parts: [
        { type: 'text', text: 'first' },
        { type: 'text', text: 'second' },
      ],
    })
    await becomes(hub(), message.id, 'accepted')
    const [, second] = t.centre.line.account.thread(t.chen.userId).entries.filter(({ from }) => from === 'account')
    const { messageId } = await t.chen.sendText('about that', { quote: second?.id ?? '' })
    const { messages } = await factsOf(hub(), t.centre.line.inboxId)
    const asked = messages.find(({ externalId }) => externalId === messageId)
    expect(asked?.quotedMessageId).toBe(message.id)
    const answer = await t.ann.ask('message.send', {
      conversationId: t.conversationId,
      clientId: newId(),
      quotedMessageId: asked?.id ?? '',
      parts: [{ type: 'text', text: 'yes' }],
    })
    await becomes(hub(), answer.message.id, 'accepted')
    const { entries } = t.centre.line.account.thread(t.chen.userId)
    const question = entries.find(({ id }) => id === messageId)
    expect(entries.at(-1)?.message['quoteToken']).toBe(question?.message['quoteToken'])
    t.close()
  })

  it('keeps hostile names, file names and postback data as the text they are', async () => {
    const { centre, ann, mei, group, conversationId } = await groupTalk()
    const hostile = '<img src=x onerror=alert(1)>\u202Egpj.exe'
    await mei.postback(hostile)
    await mei.sendFile({ bytes: Buffer.from('x'), mime: 'text/plain' }, `../../${hostile}`, { groupId: group.groupId })
    await ann.heard('message.changed', ({ message }) => message.conversationId === conversationId && message.parts[0]?.type === 'media')
    const { messages } = await factsOf(hub(), centre.line.inboxId)
    const parts = messages.flatMap((message) => message.parts)
    expect(parts).toContainEqual(expect.objectContaining({ type: 'choice', data: hostile }))
    expect(parts).toContainEqual(expect.objectContaining({ type: 'media', name: `../../${hostile}` }))
    expect(textsOf(messages)).toContain('大家好')
    ann.close()
  })
})
