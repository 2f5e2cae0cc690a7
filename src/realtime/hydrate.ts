import { type LoadedAgent, loadAgents } from '../../db/queries/load-agents.ts'
import { conversationIdsOfContact, type LoadedContact, loadContacts } from '../../db/queries/load-contacts.ts'
import { type LoadedConversation, loadConversations } from '../../db/queries/load-conversations.ts'
import { type LoadedInbox, loadInboxes } from '../../db/queries/load-inboxes.ts'
import { type LoadedMessage, loadMessages } from '../../db/queries/load-messages.ts'
import { type LoadedOffer, loadOffers } from '../../db/queries/load-offers.ts'
import { type LoadedQueue, loadQueues } from '../../db/queries/load-queues.ts'
import type { LogEvent } from '../../db/queries/log.ts'
import { type RoleRow, rolesByIds } from '../../db/queries/roles.ts'
import { type SkillRow, skillsByIds } from '../../db/queries/skills.ts'
import type { Store } from '../../db/store.ts'
import { conversationOf, markStats, type Touched, touchedBy } from './touched.ts'

/** Open conversations of a changed contact that are told of at most; more than a customer ever has. */
const maxOfContact = 50

/** A stretch of the log with the present rows of everything it is about. */
export interface Hydrated {
  readonly touched: Touched
  readonly conversations: ReadonlyMap<string, LoadedConversation>
  readonly messages: ReadonlyMap<string, LoadedMessage>
  readonly offers: ReadonlyMap<string, LoadedOffer>
  readonly contacts: ReadonlyMap<string, LoadedContact>
  /** Ids of a changed contact's open conversations. */
  readonly conversationsOfContact: ReadonlyMap<string, readonly string[]>
  readonly agents: ReadonlyMap<string, LoadedAgent>
  readonly queues: ReadonlyMap<string, LoadedQueue>
  readonly inboxes: ReadonlyMap<string, LoadedInbox>
  readonly roles: ReadonlyMap<string, RoleRow>
  readonly skills: ReadonlyMap<string, SkillRow>
}

/** Reads the present state of what events are about, in a few queries whatever their number. */
export async function hydrate(store: Store, events: readonly LogEvent[]): Promise<Hydrated> {
  const touched = touchedBy(events)
  const conversationsOfContact = await followContacts(store, touched)
  for (const { conversationId } of touched.messages.values()) conversationOf(touched, conversationId)
  const conversations = mapOf(touched.conversations.size === 0 ? [] : await loadConversations(store, touched.conversations.keys()))
  const messages = mapOf(touched.messages.size === 0 ? [] : await loadMessages(store, touched.messages.keys()))
  const offers = mapOf(touched.offers.size === 0 ? [] : await loadOffers(store, touched.offers.keys()))
  followMoves(touched, conversations, offers)
  return {
    touched,
    conversations,
    messages,
    offers,
    conversationsOfContact,
    contacts: mapOf(touched.contacts.size === 0 ? [] : await loadContacts(store, touched.contacts.keys())),
    agents: mapOf(touched.agents.size === 0 ? [] : await loadAgents(store, touched.agents.keys())),
    queues: mapOf(touched.queues.size === 0 ? [] : await loadQueues(store, touched.queues.keys())),
    inboxes: mapOf(touched.inboxes.size === 0 ? [] : await loadInboxes(store, touched.inboxes.keys())),
    roles: mapOf(touched.roles.size === 0 ? [] : await rolesByIds(store, [...touched.roles.keys()])),
    skills: mapOf(touched.skills.size === 0 ? [] : await skillsByIds(store, [...touched.skills.keys()])),
  }
}

/** A contact's name stands in its open conversations. */
async function followContacts(store: Store, touched: Touched): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for (const [contactId, seq] of touched.contacts) {
    const rows = await conversationIdsOfContact(store, { contactId, open: true, limit: maxOfContact })
    found.set(
      contactId,
      rows.map((row) => row.id),
    )
    for (const { id } of rows) {
      const conversation = conversationOf(touched, id)
      conversation.seq = Math.max(conversation.seq, seq)
    }
  }
  return found
}

/** A conversation that moved changes what agents hold and what is in its queue. */
function followMoves(
  touched: Touched,
  conversations: ReadonlyMap<string, LoadedConversation>,
  offers: ReadonlyMap<string, LoadedOffer>,
): void {
  const raise = (agentId: string | null, seq: number) => {
    if (agentId !== null) touched.agents.set(agentId, Math.max(seq, touched.agents.get(agentId) ?? 0))
  }
  for (const [id, { befores, movedSeq }] of touched.conversations) {
    if (movedSeq === 0) continue
    const row = conversations.get(id)
    for (const { scope } of befores) {
      raise(scope.assigneeId, movedSeq)
      raise(scope.offeredTo, movedSeq)
    }
    if (row === undefined) continue
    raise(row.assigneeId, movedSeq)
    raise(row.offeredTo, movedSeq)
    markStats(touched, row.queueId, befores[0]?.seq ?? movedSeq)
  }
  for (const [id, seq] of touched.offers) raise(offers.get(id)?.agentId ?? null, seq)
}

function mapOf<R extends { readonly id: string }>(rows: readonly R[]): Map<string, R> {
  return new Map(rows.map((row) => [row.id, row]))
}
