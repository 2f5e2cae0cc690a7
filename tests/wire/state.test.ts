import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Agent } from '../../src/wire/agents.ts'
import type { Conversation } from '../../src/wire/conversations.ts'
import type { AgentEvent } from '../../src/wire/events.ts'
import type { Message } from '../../src/wire/messages.ts'
import type { Offer } from '../../src/wire/offers.ts'
import type { MessagePage } from '../../src/wire/pages.ts'
import type { Snapshot } from '../../src/wire/snapshot.ts'
import {
  type AgentViewState,
  applyAgentEvent,
  applyAgentEvents,
  applyConversationPage,
  applyHeartbeat,
  applySnapshot,
  emptyState,
  ownConversations,
} from '../../src/wire/state.ts'
import { applyMessagePage, type Thread, threadOf } from '../../src/wire/thread.ts'

const conversation = (id: string, version: number, name = 'Ann'): Conversation => ({
  id,
  inboxId: 'inbox',
  channel: 'line',
  contact: { id: `contact of ${id}`, name, avatarUrl: null },
  blocked: false,
  status: 'active',
  awaiting: 'agent',
  queueId: 'queue',
  assigneeId: 'mei',
  priority: 5,
  subject: null,
  tags: [],
  waitingSince: 1,
  queuedAt: 1,
  assignedAt: 1,
  snoozedUntil: null,
  wrapUpUntil: null,
  slaDueAt: null,
  slaBreachedAt: null,
  firstResponseAt: null,
  resolvedAt: null,
  disposition: null,
  previousId: null,
  messageCount: version,
  readCount: 0,
  customerReadCount: 0,
  lastMessageAt: version,
  preview: null,
  createdAt: 1,
})

const message = (conversationId: string, ordinal: number, version = 0, authorName = 'Ann'): Message => ({
  id: `${conversationId} ${ordinal}`,
  conversationId,
  ordinal,
  direction: 'in',
  channel: 'line',
  author: { type: 'contact', id: `contact of ${conversationId}`, name: authorName },
  parts: [{ type: 'text', text: `version ${version}` }],
  clientId: null,
  quotedMessageId: null,
  mail: null,
  delivery: null,
  editedAt: null,
  unsentAt: null,
  occurredAt: 1,
  createdAt: 1,
})

const offer = (id: string, conversationId: string, status: Offer['status'], version: number): Offer => ({
  id,
  conversationId,
  agentId: 'mei',
  queueId: 'queue',
  status,
  createdAt: 1,
  expiresAt: 2,
  endedAt: null,
  reason: null,
  why: { ring: 0, selection: 'longest_idle', order: { priority: 5, since: 1, personal: false }, candidates: 1, chosen: null, excluded: [] },
  conversation: conversation(conversationId, version),
})

const agent = (id: string, name: string): Agent => ({
  id,
  name,
  email: '',
  roleId: 'agent',
  locale: 'en',
  avatarColor: null,
  disabled: false,
  state: 'available',
  stateReason: null,
  stateSince: 1,
  connected: true,
  load: { items: {}, weight: 0, total: 100 },
  skills: [],
  queueIds: [],
})

const page = (items: Message[], seq: number, hasMore = false): MessagePage => ({
  conversationId: items[0]?.conversationId ?? 'a',
  items,
  hasMore,
  seq,
})

/** A log in which every event carries the state of its thing at that moment, as the server tells it. */
const log: fc.Arbitrary<AgentEvent[]> = fc
  .array(
    fc.record({
      what: fc.constantFrom('conversation', 'gone', 'message', 'offer', 'agent'),
      id: fc.constantFrom('a', 'b'),
      n: fc.integer({ min: 1, max: 4 }),
    }),
    { maxLength: 30 },
  )
  .map((steps) => {
    const versions = new Map<string, number>()
    return steps.map(({ what, id, n }, i): AgentEvent => {
      const seq = i + 10
      if (what === 'conversation') versions.set(id, seq)
      const version = versions.get(id) ?? 0
      if (what === 'conversation') return { name: 'conversation.changed', body: { seq, conversation: conversation(id, version) } }
      if (what === 'gone') return { name: 'conversation.gone', body: { seq, conversationId: `${id} out of sight` } }
      if (what === 'message') return { name: 'message.changed', body: { seq, message: message(id, n, seq) } }
      if (what === 'offer')
        return { name: 'offer.changed', body: { seq, offer: offer(`${id} ${n}`, id, n % 2 === 0 ? 'pending' : 'accepted', version) } }
      return { name: 'agent.changed', body: { seq, agent: agent(id, `Name ${seq}`) } }
    })
  })

const started: AgentViewState = {
  ...emptyState,
  threads: { a: threadOf(page([message('a', 1)], 5)), b: threadOf(page([message('b', 1)], 5)) },
}

describe('events', () => {
  test('lead to one state, one at a time or together', () => {
    fc.assert(
      fc.property(log, (events) => {
        expect(events.reduce(applyAgentEvent, started)).toEqual(applyAgentEvents(started, events))
      }),
    )
  })

  test('lead to one state in any order', () => {
    const shuffled = log.chain((events) => fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })))
    fc.assert(
      fc.property(shuffled, ([events, others]) => {
        expect(applyAgentEvents(started, others)).toEqual(applyAgentEvents(started, events))
      }),
    )
  })

  test('applied again change nothing', () => {
    const repeated = log.chain((events) => fc.tuple(fc.constant(events), fc.subarray(events)))
    fc.assert(
      fc.property(repeated, ([events, again]) => {
        const once = applyAgentEvents(started, events)
        expect(applyAgentEvents(once, again)).toEqual(once)
      }),
    )
  })

  test('never change the state they are applied to', () => {
    fc.assert(
      fc.property(log, (events) => {
        const copy = structuredClone(started)
        applyAgentEvents(started, events)
        expect(started).toEqual(copy)
      }),
    )
  })

  test('leave what they do not touch the very same object', () => {
    const before = applyAgentEvent(started, { name: 'agent.changed', body: { seq: 6, agent: agent('wei', 'Wei') } })
    const after = applyAgentEvent(before, { name: 'conversation.changed', body: { seq: 7, conversation: conversation('a', 2) } })
    expect(after.agents).toBe(before.agents)
    expect(after.threads).toBe(before.threads)
    expect(after.conversations).not.toBe(before.conversations)
  })

  test('of a thread that is not open are not kept', () => {
    const after = applyAgentEvent(emptyState, { name: 'message.changed', body: { seq: 1, message: message('c', 1) } })
    expect(after.threads).toEqual({})
  })

  test('that a conversation is gone close its thread, and an older one does not bring it back', () => {
    const gone = applyAgentEvent(started, { name: 'conversation.gone', body: { seq: 9, conversationId: 'a' } })
    expect(Object.keys(gone.threads)).toEqual(['b'])
    const late = applyAgentEvent(gone, { name: 'conversation.changed', body: { seq: 8, conversation: conversation('a', 2) } })
    expect(late.conversations.a?.value).toBeNull()
    const back = applyAgentEvent(late, { name: 'conversation.changed', body: { seq: 10, conversation: conversation('a', 3) } })
    expect(ownConversations(back, 'mei').map((c) => c.id)).toEqual(['a'])
  })

  test('rename authors in open threads, but not a member of a group', () => {
    const member: Message = { ...message('a', 2), author: { type: 'contact', id: null, name: 'Member' } }
    const state: AgentViewState = { ...emptyState, threads: { a: threadOf(page([message('a', 1), member], 5)) } }
    const after = applyAgentEvent(state, { name: 'conversation.changed', body: { seq: 6, conversation: conversation('a', 2, 'Anna') } })
    expect(after.threads.a?.messages.map((m) => m.author.name)).toEqual(['Anna', 'Member'])
  })
})

describe('a snapshot', () => {
  const snapshot = (seq: number, conversations: Conversation[]): Snapshot => ({
    seq,
    at: 1,
    me: { agentId: 'mei', role: { id: 'agent', name: 'Agent', permissions: [], visibility: 'team', builtin: true }, permissions: [] },
    agents: [],
    queues: [],
    stats: [],
    inboxes: [],
    roles: [],
    skills: [],
    offers: [],
    conversations,
  })

  test('forgets what it does not have, except what was heard after it was read', () => {
    const state = applyAgentEvents(emptyState, [
      { name: 'conversation.changed', body: { seq: 5, conversation: conversation('old', 1) } },
      { name: 'conversation.changed', body: { seq: 12, conversation: conversation('new', 1) } },
    ])
    const after = applySnapshot(state, snapshot(10, [conversation('mine', 1)]))
    expect(
      ownConversations(after, 'mei')
        .map((c) => c.id)
        .sort(),
    ).toEqual(['mine', 'new'])
    expect(after.seq).toBe(12)
  })

  test('and the events since, before or after it arrives, are the same state', () => {
    const events: AgentEvent[] = [11, 12, 13].map((seq) => ({
      name: 'conversation.changed',
      body: { seq, conversation: conversation('a', seq) },
    }))
    const late = applyAgentEvents(applySnapshot(emptyState, snapshot(11, [conversation('a', 11)])), events)
    const early = applySnapshot(applyAgentEvents(emptyState, events), snapshot(11, [conversation('a', 11)]))
    expect(early).toEqual(late)
    expect(late.conversations.a?.value?.messageCount).toBe(13)
  })

  test('a page of a list adds what it shows, and leaves it to the stream how far one has heard', () => {
    const heard = applyAgentEvent(emptyState, { name: 'conversation.changed', body: { seq: 9, conversation: conversation('a', 9) } })
    const after = applyConversationPage(heard, { items: [conversation('a', 8), conversation('b', 8)], nextCursor: null, seq: 8 })
    expect(after.conversations.a?.value?.messageCount).toBe(9)
    expect(after.conversations.b?.value?.messageCount).toBe(8)
    expect(applyConversationPage(heard, { items: [], nextCursor: null, seq: 12 }).seq).toBe(9)
  })

  test('a heartbeat never takes the state back', () => {
    expect(applyHeartbeat({ ...emptyState, seq: 7 }, 5).seq).toBe(7)
    expect(applyHeartbeat({ ...emptyState, seq: 7 }, 9).seq).toBe(9)
  })
})

describe('pages of a thread', () => {
  const ordinals = (thread: Thread) => thread.messages.map((m) => m.ordinal)
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => message('a', from + i))

  test('grow it upward without gaps or repeats', () => {
    let thread = threadOf(page(range(51, 100), 10, true))
    thread = applyMessagePage(thread, page(range(1, 50), 11, false), 'older')
    expect(ordinals(thread)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1))
    expect(thread.hasOlder).toBe(false)
    expect(applyMessagePage(thread, page(range(40, 60), 12, true), 'older')).toMatchObject({ hasOlder: false })
  })

  test('that do not touch it replace it when they are the newest, else are left out', () => {
    const thread = threadOf(page(range(1, 10), 10))
    expect(ordinals(applyMessagePage(thread, page(range(31, 40), 11, true), 'newest'))).toEqual(ordinals(threadOf(page(range(31, 40), 11))))
    expect(applyMessagePage(thread, page(range(31, 40), 11, true), 'newer')).toBe(thread)
    const upper = threadOf(page(range(31, 40), 10, true))
    expect(applyMessagePage(upper, page(range(1, 10), 11), 'older')).toBe(upper)
  })

  test('do not take a message back that an event told of later', () => {
    const told = applyAgentEvent(
      { ...emptyState, threads: { a: threadOf(page([message('a', 1)], 5)) } },
      { name: 'message.changed', body: { seq: 9, message: message('a', 1, 9) } },
    )
    const thread = told.threads.a
    if (thread === undefined) throw new Error('no thread')
    expect(applyMessagePage(thread, page([message('a', 1, 7)], 7), 'newest').messages[0]?.parts).toEqual([
      { type: 'text', text: 'version 9' },
    ])
  })

  test('a change of a message above the loaded ones is left out while there is more to load', () => {
    const thread = threadOf(page(range(51, 60), 10, true))
    const state: AgentViewState = { ...emptyState, threads: { a: thread } }
    expect(applyAgentEvent(state, { name: 'message.changed', body: { seq: 11, message: message('a', 7) } }).threads.a).toBe(thread)
  })
})
