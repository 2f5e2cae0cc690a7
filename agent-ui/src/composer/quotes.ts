import { create } from 'zustand'
import type { Message } from '../../../src/wire/messages.ts'

interface Quotes {
  /** Message that the next reply quotes, by conversation. */
  readonly chosen: Readonly<Record<string, Message>>
  readonly quote: (message: Message) => void
  readonly drop: (conversationId: string) => void
}

/** What replies being written will quote. */
export const useQuotes = create<Quotes>()((set, get) => ({
  chosen: {},
  quote: (message) => set({ chosen: { ...get().chosen, [message.conversationId]: message } }),
  drop: (conversationId) => {
    const { [conversationId]: _dropped, ...others } = get().chosen
    set({ chosen: others })
  },
}))
