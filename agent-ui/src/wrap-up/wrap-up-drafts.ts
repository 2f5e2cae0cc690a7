import { create } from 'zustand'
import { createJSONStorage, persist } from 'zustand/middleware'

/** What has been entered of a wrap-up so far. */
export interface WrapUpDraft {
  readonly disposition: string | null
  readonly tags: readonly string[]
  readonly note: string
}

interface WrapUpDrafts {
  readonly drafts: Readonly<Record<string, WrapUpDraft>>
  readonly write: (conversationId: string, draft: WrapUpDraft) => void
  readonly drop: (conversationId: string) => void
}

/** Begun wrap-ups by conversation, kept while the tab lives. */
export const useWrapUpDrafts = create<WrapUpDrafts>()(
  persist(
    (set, get) => ({
      drafts: {},
      write: (conversationId, draft) => set({ drafts: { ...get().drafts, [conversationId]: draft } }),
      drop: (conversationId) => {
        const { [conversationId]: _done, ...drafts } = get().drafts
        set({ drafts })
      },
    }),
    { name: 'onequeue.wrap-ups', version: 1, storage: createJSONStorage(() => sessionStorage) },
  ),
)
