import { create } from 'zustand'
import { createJSONStorage, persist } from 'zustand/middleware'

/** What a text is meant for: the customer, or colleagues only. */
export type Mode = 'reply' | 'note'

interface Drafts {
  /** Unsent text by `<conversation>:<mode>`. */
  readonly texts: Readonly<Record<string, string>>
  readonly modes: Readonly<Record<string, Mode>>
  readonly write: (conversationId: string, mode: Mode, text: string) => void
  readonly choose: (conversationId: string, mode: Mode) => void
}

/** Unsent texts, per conversation and per mode, kept while the tab lives. */
export const useDrafts = create<Drafts>()(
  persist(
    (set, get) => ({
      texts: {},
      modes: {},
      write: (conversationId, mode, text) => {
        const key = `${conversationId}:${mode}`
        const { [key]: _before, ...others } = get().texts
        set({ texts: text === '' ? others : { ...others, [key]: text } })
      },
      choose: (conversationId, mode) => set({ modes: { ...get().modes, [conversationId]: mode } }),
    }),
    { name: 'onequeue.drafts', version: 1, storage: createJSONStorage(() => sessionStorage) },
  ),
)

/** The first words of an unsent reply, for the list; null when there is none. */
export function useDraftWords(conversationId: string): string | null {
  const text = useDrafts((d) => d.texts[`${conversationId}:reply`])
  return text?.trim() ? text.trim().slice(0, 80) : null
}
