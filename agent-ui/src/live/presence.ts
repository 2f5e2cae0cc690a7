import { create } from 'zustand'
import type { AgentSignals } from '../../../src/wire/events.ts'

type Typing = AgentSignals['typing']
type Viewers = AgentSignals['viewers']

interface Presence {
  readonly typingIn: Readonly<Record<string, readonly Typing[]>>
  readonly viewersOf: Readonly<Record<string, Viewers['agents']>>
  readonly typing: (signal: Typing) => void
  readonly viewers: (signal: Viewers) => void
  readonly leave: (conversationId: string) => void
}

/** Who types and who looks, by conversation; ephemeral, each typing sign ends by itself. */
export const usePresence = create<Presence>()((set, get) => ({
  typingIn: {},
  viewersOf: {},
  typing: (signal) => {
    const others = (get().typingIn[signal.conversationId] ?? []).filter((s) => s.id !== signal.id)
    set({ typingIn: { ...get().typingIn, [signal.conversationId]: [...others, signal] } })
  },
  viewers: ({ conversationId, agents }) => set({ viewersOf: { ...get().viewersOf, [conversationId]: agents } }),
  leave: (conversationId) => {
    const { [conversationId]: _typing, ...typingIn } = get().typingIn
    const { [conversationId]: _viewers, ...viewersOf } = get().viewersOf
    set({ typingIn, viewersOf })
  },
}))
