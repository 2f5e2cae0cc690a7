import { useMemo } from 'react'
import type { Agent, Me } from '../../../src/wire/agents.ts'
import type { Contact } from '../../../src/wire/contacts.ts'
import type { Conversation } from '../../../src/wire/conversations.ts'
import type { Inbox } from '../../../src/wire/inboxes.ts'
import type { Offer } from '../../../src/wire/offers.ts'
import type { Queue, QueueStats } from '../../../src/wire/queues.ts'
import { emptyState, pendingOffers, type Shelf, valuesOf } from '../../../src/wire/state.ts'
import type { Thread } from '../../../src/wire/thread.ts'
import { useLive } from './store.ts'

/** Who is logged in. Only under the shell, where somebody is. */
export function useMe(): Me {
  const me = useLive((l) => l.me)
  if (me === null) throw new Error('Nobody is logged in.')
  return me
}

/** Whether the person logged in holds a permission; screens hide what the hub would refuse. */
export function useMay(permission: string): boolean {
  const held = useLive((l) => l.me?.permissions)
  return held !== undefined && (held.includes('*') || held.includes(permission))
}

/** My own agent, with its present state and load. */
export function useMyAgent(): Agent {
  const me = useMe()
  return useLive((l) => l.state.agents[me.agent.id]?.value) ?? me.agent
}

function of<T>(shelf: Shelf<T>, id: string | null | undefined): T | undefined {
  return id ? (shelf[id]?.value ?? undefined) : undefined
}

/** A conversation, once heard of and as long as it may be seen. */
export const useConversation = (id: string | undefined): Conversation | undefined => useLive((l) => of(l.state.conversations, id))

/** An agent by id. */
export const useAgent = (id: string | null | undefined): Agent | undefined => useLive((l) => of(l.state.agents, id))

/** A queue by id. */
export const useQueue = (id: string | undefined): Queue | undefined => useLive((l) => of(l.state.queues, id))

/** An inbox by id. */
export const useInbox = (id: string | undefined): Inbox | undefined => useLive((l) => of(l.state.inboxes, id))

/** A contact an event or a page has told of. */
export const useKnownContact = (id: string): Contact | undefined => useLive((l) => of(l.state.contacts, id))

/** A thread's loaded messages; undefined until a page has come. */
export const useThread = (conversationId: string): Thread | undefined => useLive((l) => l.state.threads[conversationId])

/** Every conversation heard of, in no particular order. */
export function useConversations(): readonly Conversation[] {
  const shelf = useLive((l) => l.state.conversations)
  return useMemo(() => valuesOf(shelf), [shelf])
}

/** My offers that still wait for an answer, the one that runs out first in front. */
export function usePendingOffers(): readonly Offer[] {
  const offers = useLive((l) => l.state.offers)
  const me = useLive((l) => l.me?.agent.id ?? '')
  return useMemo(() => pendingOffers({ ...emptyState, offers }, me), [offers, me])
}

/** The newest offer of a conversation that this console has heard of. */
export function useNewestOffer(conversationId: string): Offer | undefined {
  const offers = useLive((l) => l.state.offers)
  return useMemo(
    () =>
      valuesOf(offers)
        .filter((o) => o.conversationId === conversationId)
        .sort((a, b) => b.createdAt - a.createdAt)[0],
    [offers, conversationId],
  )
}

/** Every agent, by name. */
export function useAgents(): readonly Agent[] {
  const agents = useLive((l) => l.state.agents)
  return useMemo(() => valuesOf(agents).sort((a, b) => a.name.localeCompare(b.name)), [agents])
}

/** Every queue I may see, by name. */
export function useQueues(): readonly Queue[] {
  const queues = useLive((l) => l.state.queues)
  return useMemo(() => valuesOf(queues).sort((a, b) => a.name.localeCompare(b.name)), [queues])
}

/** What waits in each queue, by queue id. */
export function useStats(): Readonly<Record<string, QueueStats>> {
  const stats = useLive((l) => l.state.stats)
  return useMemo(() => Object.fromEntries(valuesOf(stats).map((s) => [s.queueId, s])), [stats])
}
