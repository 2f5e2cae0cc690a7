import { create } from 'zustand'

interface ComposerFocus {
  /** Conversation whose composer takes the focus as soon as it can be written in. */
  readonly conversationId: string | null
  readonly want: (conversationId: string) => void
  readonly done: () => void
}

/** Where somebody who has just accepted wants to write next. */
export const useComposerFocus = create<ComposerFocus>()((set) => ({
  conversationId: null,
  want: (conversationId) => set({ conversationId }),
  done: () => set({ conversationId: null }),
}))
