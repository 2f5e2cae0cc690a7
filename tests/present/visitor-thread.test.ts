import { describe, expect, it } from 'vitest'
import type { ThreadHead, ThreadMessageRow } from '../../db/queries/visitor-threads.ts'
import { isForVisitor, presentVisitorMessage, presentVisitorState } from '../../src/present/visitor-thread.ts'
import type { MessagePart } from '../../src/wire/messages.ts'
import { conversationStatusSchema, messageDirectionSchema, outboxStatusSchema } from '../../src/wire/words.ts'

const row = {
  id: 'm1',
  conversationId: 'c1',
  inboxId: 'i1',
  ordinal: 3,
  direction: 'out',
  authorType: 'agent',
  authorId: 'SECRET-agent',
  parts: [{ type: 'text', text: 'hello' }],
  clientId: 'SECRET-client',
  externalId: 'SECRET-external',
  providerIds: [{ kind: 'x', value: 'SECRET-provider' }],
  delivery: 'accepted',
  unsentAt: null,
  createdAt: 5,
} as unknown as ThreadMessageRow

const card = { kind: 'buttons' as const, text: 'Which one?', buttons: [{ type: 'reply' as const, label: 'This', data: 'this' }] }

describe('a message of the record, for its visitor', () => {
  it.each(
    messageDirectionSchema.options.flatMap((direction) =>
      [null, ...outboxStatusSchema.options].map((delivery) => [direction, delivery] as const),
    ),
  )('%s with delivery %s', (direction, delivery) => {
    const handedOver = delivery === 'accepted' || delivery === 'delivered' || delivery === 'read'
    expect(isForVisitor({ direction, delivery })).toBe(direction === 'in' || (direction === 'out' && handedOver))
  })

  it('carries no ids of people, providers or consoles', () => {
    const shown = presentVisitorMessage(row, 'Ann', 0)
    expect(shown).toEqual({
      id: 'm1',
      conversationId: 'c1',
      ordinal: 3,
      direction: 'out',
      authorName: 'Ann',
      parts: [{ type: 'text', text: 'hello' }],
      clientId: null,
      status: null,
      unsent: false,
      at: 5,
    })
  })

  it('is read once an agent has read as far', () => {
    const own = { ...row, direction: 'in' } as const
    expect([2, 3, 4].map((readCount) => presentVisitorMessage(own, null, readCount).status)).toEqual(['delivered', 'read', 'read'])
  })

  it('taken back is empty', () => {
    expect(presentVisitorMessage({ ...row, unsentAt: 9 }, 'Ann', 0)).toMatchObject({ unsent: true, parts: [] })
  })

  it.each<[MessagePart, readonly MessagePart[]]>([
    [
      { type: 'text', text: '@Ann hi', entities: [{ kind: 'mention', index: 0, length: 4, value: 'SECRET-agent' }] },
      [{ type: 'text', text: '@Ann hi' }],
    ],
    [{ type: 'system', code: 'conversation.accepted', params: { agent: 'SECRET' } }, []],
    [{ type: 'unsupported', kind: 'x', deliveryId: 'SECRET' }, []],
    [{ type: 'choice', label: 'Yes', data: 'SECRET' }, [{ type: 'text', text: 'Yes' }]],
    [{ type: 'choice', data: 'SECRET' }, []],
    [{ type: 'card', altText: 'A card', body: { SECRET: 1 } }, [{ type: 'text', text: 'A card' }]],
    [
      { type: 'choice', data: 'form:prechat', label: 'SECRET', params: { name: 'Mei' } },
      [{ type: 'choice', data: 'form:prechat', params: { name: 'Mei' } }],
    ],
    [{ type: 'card', altText: 'A card', body: { ...card, SECRET: 1 } }, [{ type: 'card', altText: 'A card', body: card }]],
    [{ type: 'location', latitude: 1, longitude: 2 }, [{ type: 'location', latitude: 1, longitude: 2 }]],
  ])('shows of the part %j only what is for visitors', (part, expected) => {
    expect(presentVisitorMessage({ ...row, parts: [part] }, 'Ann', 0).parts).toEqual(expected)
  })
})

describe('where a conversation stands, for its visitor', () => {
  it('is told in four words', () => {
    const head: ThreadHead = {
      id: 'c1',
      inboxId: 'i1',
      threadKey: 'v',
      status: 'queued',
      queueId: 'q1',
      assigneeId: 'a',
      readCount: 1,
      customerReadCount: 2,
    }
    const words = conversationStatusSchema.options.map((status) => [status, presentVisitorState({ ...head, status }, 'Ann').status])
    expect(Object.fromEntries(words)).toEqual({
      bot: 'waiting',
      queued: 'waiting',
      offered: 'waiting',
      active: 'talking',
      snoozed: 'talking',
      wrap_up: 'ended',
      resolved: 'ended',
    })
    expect(presentVisitorState({ ...head, status: 'snoozed', assigneeId: null }, null).status).toBe('waiting')
    expect(presentVisitorState(null, null)).toEqual({ conversationId: null, status: 'none', agentName: null, readCount: 0, seenCount: 0 })
  })
})
