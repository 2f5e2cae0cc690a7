import { type ConversationScope, canSee, holds, type Viewer } from '../core/access/authorize.ts'
import { canSeeAgent, canSeeInbox } from '../core/access/lists.ts'
import { presentAgent } from '../present/agent.ts'
import { presentContact } from '../present/contact.ts'
import { presentConversation, scopeOf } from '../present/conversation.ts'
import { presentInbox } from '../present/inbox.ts'
import { presentMessage } from '../present/message.ts'
import { presentOffer } from '../present/offer.ts'
import { presentQueue } from '../present/queue.ts'
import { presentRole } from '../present/role.ts'
import type { AgentEventName, AgentEvents } from '../wire/events.ts'
import type { Capabilities } from '../wire/inboxes.ts'
import type { ChannelId } from '../wire/words.ts'
import type { Hydrated } from './hydrate.ts'
import type { Before } from './touched.ts'

/** One who listens, as far as it decides what they are told. */
export interface Audience {
  readonly viewer: Viewer
  /** Conversations whose threads they have opened. */
  readonly threads: ReadonlySet<string>
}

/** One event on its way: what, and to whom. The body is made when the first receiver is found, and once. */
export interface Publication<K extends AgentEventName = AgentEventName> {
  readonly seq: number
  readonly name: K
  readonly isFor: (audience: Audience) => boolean
  readonly body: () => AgentEvents[K]
  /** The conversation that its receivers may no longer see. */
  readonly closes?: string
}

/** What a channel can do. */
export type CapabilitiesOf = (channel: ChannelId) => Capabilities

/**
 * Everything to be told of a stretch of the log, ascending by `seq`. Each thing is told once, in its present
 * state, with the newest number that changed it; who may see it is decided by its present scope. Those who could
 * see a conversation before and cannot now are told that it is gone.
 */
export function publicationsOf(hydrated: Hydrated, capabilitiesOf: CapabilitiesOf): Publication[] {
  const publications: Publication[] = [
    ...ofConversations(hydrated),
    ...ofMessages(hydrated),
    ...ofOffers(hydrated),
    ...ofContacts(hydrated),
    ...ofAgents(hydrated),
    ...ofQueues(hydrated),
    ...ofInboxes(hydrated, capabilitiesOf),
    ...ofRoles(hydrated),
    ...ofSkills(hydrated),
  ]
  return publications.sort((a, b) => a.seq - b.seq)
}

function publish<K extends AgentEventName>(name: K, seq: number, isFor: Publication['isFor'], make: () => AgentEvents[K]): Publication<K> {
  let body: AgentEvents[K] | undefined
  return { name, seq, isFor, body: () => (body ??= make()) }
}

function* ofConversations({ touched, conversations }: Hydrated): Iterable<Publication> {
  for (const [id, { seq, befores }] of touched.conversations) {
    const row = conversations.get(id)
    if (row === undefined || seq === 0) continue
    const scope = scopeOf(row)
    yield publish(
      'conversation.changed',
      seq,
      ({ viewer }) => canSee(viewer, scope),
      () => ({ seq, conversation: presentConversation(row) }),
    )
    for (const before of befores) yield gone(id, before, befores, scope)
  }
}

/** Tells those who could last see it before one of its changes. */
function gone(conversationId: string, before: Before, befores: readonly Before[], now: ConversationScope): Publication {
  const { seq } = before
  const later = befores.filter((other) => other.seq > seq)
  const isFor = ({ viewer }: Audience) =>
    !canSee(viewer, now) && canSee(viewer, before.scope) && !later.some(({ scope }) => canSee(viewer, scope))
  return { ...publish('conversation.gone', seq, isFor, () => ({ seq, conversationId })), closes: conversationId }
}

function* ofMessages({ touched, conversations, messages }: Hydrated): Iterable<Publication> {
  for (const [id, { seq, conversationId }] of touched.messages) {
    const row = messages.get(id)
    const conversation = conversations.get(conversationId)
    if (row === undefined || conversation === undefined) continue
    const scope = scopeOf(conversation)
    const concerns = ({ viewer, threads }: Audience) =>
      viewer.agentId === scope.assigneeId || viewer.agentId === scope.offeredTo || threads.has(conversationId)
    yield publish(
      'message.changed',
      seq,
      (audience) => concerns(audience) && canSee(audience.viewer, scope),
      () => ({ seq, message: presentMessage(row) }),
    )
  }
}

function* ofOffers({ touched, conversations, offers }: Hydrated): Iterable<Publication> {
  for (const [id, seq] of touched.offers) {
    const row = offers.get(id)
    const conversation = row === undefined ? undefined : conversations.get(row.conversationId)
    if (row === undefined || conversation === undefined) continue
    const scope = scopeOf(conversation)
    for (const visible of [true, false]) {
      const isFor = ({ viewer }: Audience) => viewer.agentId === row.agentId && canSee(viewer, scope) === visible
      yield publish('offer.changed', seq, isFor, () => ({ seq, offer: presentOffer(row, conversation, visible) }))
    }
  }
}

/** A customer's record goes to those who may read records and see an open conversation of theirs. */
function* ofContacts({ touched, contacts, conversationsOfContact, conversations }: Hydrated): Iterable<Publication> {
  for (const [id, seq] of touched.contacts) {
    const row = contacts.get(id)
    if (row === undefined) continue
    const scopes = (conversationsOfContact.get(id) ?? []).flatMap((conversationId) => {
      const conversation = conversations.get(conversationId)
      return conversation === undefined ? [] : [scopeOf(conversation)]
    })
    const isFor = ({ viewer }: Audience) => holds(viewer, 'contact.read') && scopes.some((scope) => canSee(viewer, scope))
    yield publish('contact.changed', seq, isFor, () => ({ seq, contact: presentContact(row) }))
  }
}

function* ofAgents({ touched, agents }: Hydrated): Iterable<Publication> {
  for (const [id, seq] of touched.agents) {
    const row = agents.get(id)
    if (row !== undefined)
      yield publish(
        'agent.changed',
        seq,
        ({ viewer }) => canSeeAgent(viewer, id),
        () => ({ seq, agent: presentAgent(row) }),
      )
  }
}

function* ofQueues({ touched, queues }: Hydrated): Iterable<Publication> {
  for (const [id, seq] of touched.queues) {
    const row = queues.get(id)
    const isFor = ({ viewer }: Audience) => holds(viewer, 'queue.read')
    yield row === undefined
      ? publish('queue.gone', seq, isFor, () => ({ seq, queueId: id }))
      : publish('queue.changed', seq, isFor, () => ({ seq, queue: presentQueue(row) }))
  }
}

function* ofInboxes({ touched, inboxes }: Hydrated, capabilitiesOf: CapabilitiesOf): Iterable<Publication> {
  for (const [id, seq] of touched.inboxes) {
    const row = inboxes.get(id)
    const isFor = ({ viewer }: Audience) => canSeeInbox(viewer, id)
    yield row === undefined
      ? publish('inbox.gone', seq, isFor, () => ({ seq, inboxId: id }))
      : publish('inbox.changed', seq, isFor, () => ({ seq, inbox: presentInbox(row, capabilitiesOf(row.channel)) }))
  }
}

function* ofRoles({ touched, roles }: Hydrated): Iterable<Publication> {
  for (const [id, seq] of touched.roles) {
    const row = roles.get(id)
    yield row === undefined
      ? publish('role.gone', seq, mayReadAgents, () => ({ seq, roleId: id }))
      : publish('role.changed', seq, mayReadAgents, () => ({ seq, role: presentRole(row) }))
  }
}

function* ofSkills({ touched, skills }: Hydrated): Iterable<Publication> {
  for (const [id, seq] of touched.skills) {
    const row = skills.get(id)
    yield row === undefined
      ? publish('skill.gone', seq, mayReadAgents, () => ({ seq, skillId: id }))
      : publish('skill.changed', seq, mayReadAgents, () => ({ seq, skill: { id, name: row.name } }))
  }
}

function mayReadAgents({ viewer }: Audience): boolean {
  return holds(viewer, 'agent.read')
}
