import { create } from 'zustand'
import type { Agent, Me } from '../../../src/wire/agents.ts'
import type { Contact } from '../../../src/wire/contacts.ts'
import type { Conversation } from '../../../src/wire/conversations.ts'
import type { AgentEvent } from '../../../src/wire/events.ts'
import type { Message } from '../../../src/wire/messages.ts'
import type { Offer } from '../../../src/wire/offers.ts'
import type { MessagePage } from '../../../src/wire/pages.ts'
import type { Snapshot } from '../../../src/wire/snapshot.ts'
import { type AgentViewState, applyAgentEvents, applyHeartbeat, applySnapshot, emptyState } from '../../../src/wire/state.ts'
import { applyMessagePage } from '../../../src/wire/thread.ts'
import { useClockOffset } from './clock.ts'

/** Things an HTTP answer or a call told of, as of the log number known when they were asked for. */
export interface Told {
  readonly conversations?: readonly Conversation[]
  readonly offers?: readonly Offer[]
  readonly agents?: readonly Agent[]
  readonly contacts?: readonly Contact[]
  readonly messages?: readonly Message[]
}

interface Live {
  readonly state: AgentViewState
  readonly me: Me | null
  /** Snapshots taken so far; 0 until the first. Whatever was loaded beside one is loaded again after the next. */
  readonly generation: number
  readonly begin: (me: Me) => void
  readonly takeSnapshot: (snapshot: Snapshot) => void
  readonly takeEvents: (events: readonly AgentEvent[]) => void
  /** Everything visible up to `seq` has been applied. */
  readonly reach: (seq: number) => void
  /** Merges what an answer told of; whatever an event has told since `asOf` is newer and stays. */
  readonly take: (told: Told, asOf: number) => void
  readonly takePage: (page: MessagePage, asked: 'newest' | 'older') => void
  readonly end: () => void
}

function eventsOf(told: Told, seq: number): AgentEvent[] {
  return [
    ...(told.conversations ?? []).map((conversation): AgentEvent => ({ name: 'conversation.changed', body: { seq, conversation } })),
    ...(told.offers ?? []).map((offer): AgentEvent => ({ name: 'offer.changed', body: { seq, offer } })),
    ...(told.agents ?? []).map((agent): AgentEvent => ({ name: 'agent.changed', body: { seq, agent } })),
    ...(told.contacts ?? []).map((contact): AgentEvent => ({ name: 'contact.changed', body: { seq, contact } })),
    ...(told.messages ?? []).map((message): AgentEvent => ({ name: 'message.changed', body: { seq, message } })),
  ]
}

/** What the console knows of the hub, kept true by the event stream. */
export const useLive = create<Live>()((set, get) => ({
  state: emptyState,
  me: null,
  generation: 0,
  begin: (me) => set({ me }),
  takeSnapshot: (snapshot) => {
    useClockOffset.getState().observe(snapshot.at)
    const { me, state, generation } = get()
    const { role, permissions } = snapshot.me
    set({ state: applySnapshot(state, snapshot), me: me && { ...me, role, permissions }, generation: generation + 1 })
  },
  takeEvents: (events) => set({ state: applyAgentEvents(get().state, events) }),
  reach: (seq) => set({ state: applyHeartbeat(get().state, seq) }),
  take: (told, asOf) => {
    const { state } = get()
    // An answer may be ahead of the stream; `seq` stays what the stream has brought, or a reconnect would skip events.
    set({ state: { ...applyAgentEvents(state, eventsOf(told, asOf)), seq: state.seq } })
  },
  takePage: (page, asked) => {
    const { state } = get()
    const thread = applyMessagePage(state.threads[page.conversationId], page, asked)
    set({ state: { ...state, threads: { ...state.threads, [page.conversationId]: thread } } })
  },
  end: () => set({ state: emptyState, me: null, generation: 0 }),
}))

/** The log's newest number this console has applied. */
export function appliedSeq(): number {
  return useLive.getState().state.seq
}
