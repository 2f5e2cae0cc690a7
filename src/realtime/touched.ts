import type { LogEvent } from '../../db/queries/log.ts'
import type { ConversationScope } from '../core/access/authorize.ts'
import { scopeBeforeSchema } from '../wire/log.ts'

/** Who could see a conversation before the event of this number. */
export interface Before {
  readonly seq: number
  readonly scope: ConversationScope
}

/** A conversation that events are about. */
export interface TouchedConversation {
  /** Newest number that changed it; 0 when only something in it changed. */
  seq: number
  /** Ascending. */
  readonly befores: Before[]
  /** Newest number that moved it, which changes what agents hold. */
  movedSeq: number
}

/** Things that a stretch of the log is about, each with the newest number that changed it. */
export interface Touched {
  readonly conversations: Map<string, TouchedConversation>
  readonly messages: Map<string, { seq: number; conversationId: string }>
  readonly offers: Map<string, number>
  readonly contacts: Map<string, number>
  readonly agents: Map<string, number>
  readonly queues: Map<string, number>
  readonly inboxes: Map<string, number>
  readonly roles: Map<string, number>
  readonly skills: Map<string, number>
  /** Queues whose numbers changed, with the oldest event that did. */
  readonly stats: Map<string, number>
}

/** What each event is about. Changes of the same thing become one. */
export function touchedBy(events: readonly LogEvent[]): Touched {
  const touched: Touched = {
    conversations: new Map(),
    messages: new Map(),
    offers: new Map(),
    contacts: new Map(),
    agents: new Map(),
    queues: new Map(),
    inboxes: new Map(),
    roles: new Map(),
    skills: new Map(),
    stats: new Map(),
  }
  for (const event of events) touch(touched, event)
  return touched
}

function touch(touched: Touched, event: LogEvent): void {
  const { seq, type, conversationId, subjectId, data } = event
  switch (type) {
    case 'conversation.created':
    case 'conversation.changed':
    case 'sla.warned':
    case 'sla.breached':
      if (conversationId !== null) touchConversation(touched, event, conversationId)
      return
    case 'message.created':
    case 'message.changed':
      if (conversationId === null || subjectId === null) return
      touched.messages.set(subjectId, { seq, conversationId })
      // A provider's report changes the message alone; anything else shows in the conversation too.
      if (data.what !== 'delivery') conversationOf(touched, conversationId).seq = seq
      return
    case 'offer.created':
    case 'offer.ended':
      if (subjectId !== null) touched.offers.set(subjectId, seq)
      if (conversationId !== null) conversationOf(touched, conversationId).movedSeq = seq
      return
    case 'contact.changed':
      if (subjectId !== null) touched.contacts.set(subjectId, seq)
      return
    case 'agent.changed':
    case 'agent.state_changed':
    case 'agent.presence_changed':
      if (subjectId !== null) touched.agents.set(subjectId, seq)
      return
    case 'queue.changed':
      if (subjectId === null) return
      touched.queues.set(subjectId, seq)
      touched.stats.set(subjectId, seq)
      return
    case 'inbox.changed':
      if (subjectId !== null) touched.inboxes.set(subjectId, seq)
      return
    case 'role.changed':
      if (subjectId !== null) touched.roles.set(subjectId, seq)
      return
    case 'skill.changed':
      if (subjectId !== null) touched.skills.set(subjectId, seq)
      return
  }
}

function touchConversation(touched: Touched, { seq, data }: LogEvent, conversationId: string): void {
  const conversation = conversationOf(touched, conversationId)
  conversation.seq = seq
  const before = scopeBeforeSchema.safeParse(data.before)
  if (before.success) {
    conversation.befores.push({ seq, scope: before.data })
    conversation.movedSeq = seq
    markStats(touched, before.data.queueId, seq)
  } else if (typeof data.queueId === 'string') {
    conversation.movedSeq = seq
    markStats(touched, data.queueId, seq)
  }
}

/** The entry of a conversation, made when it is not there. */
export function conversationOf(touched: Touched, conversationId: string): TouchedConversation {
  const known = touched.conversations.get(conversationId)
  if (known !== undefined) return known
  const made: TouchedConversation = { seq: 0, befores: [], movedSeq: 0 }
  touched.conversations.set(conversationId, made)
  return made
}

/** Notes that a queue's numbers changed; the oldest event stands. */
export function markStats(touched: Touched, queueId: string, seq: number): void {
  if (!touched.stats.has(queueId)) touched.stats.set(queueId, seq)
}
