import type { Skill } from './access.ts'
import type { Agent, Role } from './agents.ts'
import type { Contact } from './contacts.ts'
import type { Conversation } from './conversations.ts'
import type { AgentEvent } from './events.ts'
import type { Inbox } from './inboxes.ts'
import type { Message } from './messages.ts'
import type { Offer } from './offers.ts'
import type { ConversationPage } from './pages.ts'
import type { Queue, QueueStats } from './queues.ts'
import type { Snapshot, SnapshotMe } from './snapshot.ts'
import { applyMessage, renameAuthor, type Thread } from './thread.ts'

/** A thing as of a log number; null once it is gone. */
export interface Kept<T> {
  readonly seq: number
  readonly value: T | null
}

/** Things of one kind by id. */
export type Shelf<T> = Readonly<Record<string, Kept<T>>>

/** All that a console knows. Never changed in place: what did not change stays the same object. */
export interface AgentViewState {
  /** Newest log number heard of; what `ack` and the handshake's `since` carry. */
  readonly seq: number
  readonly me: SnapshotMe | null
  /** Every conversation heard of, one's own or not. */
  readonly conversations: Shelf<Conversation>
  /** Messages of the threads that have been opened, by conversation. */
  readonly threads: Readonly<Record<string, Thread>>
  readonly offers: Shelf<Offer>
  readonly contacts: Shelf<Contact>
  readonly agents: Shelf<Agent>
  readonly queues: Shelf<Queue>
  readonly stats: Shelf<QueueStats>
  readonly inboxes: Shelf<Inbox>
  readonly roles: Shelf<Role>
  readonly skills: Shelf<Skill>
}

/** The state before anything is known. */
export const emptyState: AgentViewState = {
  seq: 0,
  me: null,
  conversations: {},
  threads: {},
  offers: {},
  contacts: {},
  agents: {},
  queues: {},
  stats: {},
  inboxes: {},
  roles: {},
  skills: {},
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/**
 * The state after one event. Applying an event twice, or two in either order, leads to the same state: of each
 * thing the newest wins.
 */
export function applyAgentEvent(state: AgentViewState, event: AgentEvent): AgentViewState {
  return applyAgentEvents(state, [event])
}

/** The state after several events; cheaper than one at a time. */
export function applyAgentEvents(state: AgentViewState, events: Iterable<AgentEvent>): AgentViewState {
  const draft: Writable<AgentViewState> = { ...state }
  for (const event of events) {
    applyTo(draft, state, event)
    if (event.body.seq > draft.seq) draft.seq = event.body.seq
  }
  return draft
}

/** Everything visible up to `seq` is here. */
export function applyHeartbeat(state: AgentViewState, seq: number): AgentViewState {
  return seq > state.seq ? { ...state, seq } : state
}

/**
 * The state after a fresh load: what the snapshot does not have is forgotten, unless an event newer than it
 * told of it. Threads stay as they are; load their newest page again after a `resync`.
 */
export function applySnapshot(state: AgentViewState, snapshot: Snapshot): AgentViewState {
  const { seq } = snapshot
  return {
    seq: Math.max(seq, state.seq),
    me: snapshot.me,
    conversations: shelve(state.conversations, snapshot.conversations, seq, (v) => v.id),
    threads: state.threads,
    offers: shelve(state.offers, snapshot.offers, seq, (v) => v.id),
    contacts: shelve(state.contacts, [], seq, (v) => v.id),
    agents: shelve(state.agents, snapshot.agents, seq, (v) => v.id),
    queues: shelve(state.queues, snapshot.queues, seq, (v) => v.id),
    stats: shelve(state.stats, snapshot.stats, seq, (v) => v.queueId),
    inboxes: shelve(state.inboxes, snapshot.inboxes, seq, (v) => v.id),
    roles: shelve(state.roles, snapshot.roles, seq, (v) => v.id),
    skills: shelve(state.skills, snapshot.skills, seq, (v) => v.id),
  }
}

/** The state after a page of a list was loaded. `seq` stays: what the stream has not brought is still to come. */
export function applyConversationPage(state: AgentViewState, page: ConversationPage): AgentViewState {
  const told = page.items.map((conversation): AgentEvent => ({ name: 'conversation.changed', body: { seq: page.seq, conversation } }))
  return { ...applyAgentEvents(state, told), seq: state.seq }
}

/** The present values of a shelf, in no particular order. */
export function valuesOf<T>(shelf: Shelf<T>): T[] {
  return Object.values(shelf).flatMap((kept) => (kept.value === null ? [] : [kept.value]))
}

/** Conversations of an agent that are not resolved, the newest message first. */
export function ownConversations(state: AgentViewState, agentId: string): Conversation[] {
  return valuesOf(state.conversations)
    .filter((c) => c.assigneeId === agentId && c.status !== 'resolved')
    .sort((a, b) => b.lastMessageAt - a.lastMessageAt || (a.id < b.id ? 1 : -1))
}

/** Offers that an agent may answer, the nearest deadline first. */
export function pendingOffers(state: AgentViewState, agentId: string): Offer[] {
  return valuesOf(state.offers)
    .filter((o) => o.agentId === agentId && o.status === 'pending')
    .sort((a, b) => a.expiresAt - b.expiresAt || (a.id < b.id ? -1 : 1))
}

/** The state without conversations that `keep` refuses; for consoles that stay open for days. */
export function pruneConversations(state: AgentViewState, keep: (conversation: Conversation) => boolean): AgentViewState {
  const entries = Object.entries(state.conversations).filter(([, kept]) => kept.value !== null && keep(kept.value))
  return { ...state, conversations: Object.fromEntries(entries) }
}

function shelve<T>(known: Shelf<T>, values: readonly T[], seq: number, idOf: (value: T) => string): Shelf<T> {
  const shelf: Record<string, Kept<T>> = {}
  for (const value of values) shelf[idOf(value)] = { seq, value }
  for (const [id, kept] of Object.entries(known)) if (kept.seq > seq) shelf[id] = kept
  return shelf
}

function applyTo(draft: Writable<AgentViewState>, original: AgentViewState, event: AgentEvent): void {
  const { seq } = event.body
  switch (event.name) {
    case 'conversation.changed':
      return applyConversation(draft, original, seq, event.body.conversation)
    case 'conversation.gone':
      return applyGone(draft, original, seq, event.body.conversationId)
    case 'message.changed':
      return applyMessageTo(draft, original, seq, event.body.message)
    case 'offer.changed':
      return applyOffer(draft, original, seq, event.body.offer)
    case 'contact.changed':
      return void put(draft, original, 'contacts', event.body.contact.id, seq, event.body.contact)
    case 'agent.changed':
      return applyAgent(draft, original, seq, event.body.agent)
    case 'queue.changed':
      return void put(draft, original, 'queues', event.body.queue.id, seq, event.body.queue)
    case 'queue.gone':
      put(draft, original, 'stats', event.body.queueId, seq, null)
      return void put(draft, original, 'queues', event.body.queueId, seq, null)
    case 'queue.stats':
      return void put(draft, original, 'stats', event.body.stats.queueId, seq, event.body.stats)
    case 'inbox.changed':
      return void put(draft, original, 'inboxes', event.body.inbox.id, seq, event.body.inbox)
    case 'inbox.gone':
      return void put(draft, original, 'inboxes', event.body.inboxId, seq, null)
    case 'role.changed':
      return void put(draft, original, 'roles', event.body.role.id, seq, event.body.role)
    case 'role.gone':
      return void put(draft, original, 'roles', event.body.roleId, seq, null)
    case 'skill.changed':
      return void put(draft, original, 'skills', event.body.skill.id, seq, event.body.skill)
    case 'skill.gone':
      return void put(draft, original, 'skills', event.body.skillId, seq, null)
  }
}

type ShelfName = 'conversations' | 'offers' | 'contacts' | 'agents' | 'queues' | 'stats' | 'inboxes' | 'roles' | 'skills'
type ValueOf<K extends ShelfName> = AgentViewState[K][string]['value']

/** Puts a value unless a newer one is there; tells whether it did. */
function put<K extends ShelfName>(
  draft: Writable<AgentViewState>,
  original: AgentViewState,
  name: K,
  id: string,
  seq: number,
  value: ValueOf<K>,
): boolean {
  const known = draft[name][id]
  if (known !== undefined && known.seq > seq) return false
  const shelf: Record<string, Kept<unknown>> = draft[name] === original[name] ? { ...draft[name] } : draft[name]
  shelf[id] = { seq, value }
  Object.assign(draft, { [name]: shelf })
  return true
}

function applyConversation(draft: Writable<AgentViewState>, original: AgentViewState, seq: number, conversation: Conversation): void {
  if (!put(draft, original, 'conversations', conversation.id, seq, conversation)) return
  for (const [id, kept] of Object.entries(draft.offers)) {
    const offer = kept.value
    if (offer === null || offer.conversationId !== conversation.id || kept.seq > seq) continue
    put(draft, original, 'offers', id, kept.seq, { ...offer, conversation })
  }
  const { contact } = conversation
  const thread = draft.threads[conversation.id]
  if (thread !== undefined) setThread(draft, conversation.id, renameAuthor(thread, contact.id, contact.name))
}

function applyGone(draft: Writable<AgentViewState>, original: AgentViewState, seq: number, conversationId: string): void {
  if (!put(draft, original, 'conversations', conversationId, seq, null)) return
  if (draft.threads[conversationId] === undefined) return
  const { [conversationId]: _closed, ...rest } = draft.threads
  draft.threads = rest
}

function applyMessageTo(draft: Writable<AgentViewState>, _original: AgentViewState, seq: number, message: Message): void {
  const thread = draft.threads[message.conversationId]
  if (thread !== undefined) setThread(draft, message.conversationId, applyMessage(thread, message, seq))
}

// An offer told of late may carry an older conversation than is known; the newer one stands in it.
function applyOffer(draft: Writable<AgentViewState>, original: AgentViewState, seq: number, offer: Offer): void {
  const known = draft.conversations[offer.conversationId]
  const newer = known !== undefined && known.value !== null && known.seq > seq ? known.value : offer.conversation
  put(draft, original, 'offers', offer.id, seq, { ...offer, conversation: newer })
}

function applyAgent(draft: Writable<AgentViewState>, original: AgentViewState, seq: number, agent: Agent): void {
  const before = draft.agents[agent.id]?.value ?? null
  if (!put(draft, original, 'agents', agent.id, seq, agent) || before?.name === agent.name) return
  for (const [id, thread] of Object.entries(draft.threads)) setThread(draft, id, renameAuthor(thread, agent.id, agent.name))
}

function setThread(draft: Writable<AgentViewState>, conversationId: string, thread: Thread): void {
  if (draft.threads[conversationId] !== thread) draft.threads = { ...draft.threads, [conversationId]: thread }
}
