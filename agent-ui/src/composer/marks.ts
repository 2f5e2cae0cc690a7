import { create } from 'zustand'
import type { Entity } from '../../../src/wire/messages.ts'

/** Words in a draft that mean more than their letters: a mention, or a picture of the channel's own. */
export interface Mark {
  /** As it stands in the text. */
  readonly words: string
  readonly kind: 'mention' | 'emoji'
  readonly value: string
}

interface Marks {
  readonly byConversation: Readonly<Record<string, readonly Mark[]>>
  readonly add: (conversationId: string, mark: Mark) => void
  readonly clear: (conversationId: string) => void
}

/** Marks put into drafts of this tab. */
export const useMarks = create<Marks>()((set, get) => ({
  byConversation: {},
  add: (conversationId, mark) => {
    const known = get().byConversation[conversationId] ?? []
    if (known.some((other) => other.words === mark.words)) return
    set({ byConversation: { ...get().byConversation, [conversationId]: [...known, mark] } })
  },
  clear: (conversationId) => {
    const { [conversationId]: _cleared, ...others } = get().byConversation
    set({ byConversation: others })
  },
}))

/** Most marks that one text carries. */
const mostMarks = 20

/** Where marks stand in a text as it was written in the end; those whose words were changed are gone. */
export function entitiesIn(text: string, marks: readonly Mark[]): Entity[] {
  const found: Entity[] = []
  // Longer words first, so that a name that begins another is not taken for it.
  for (const { words, kind, value } of marks.toSorted((a, b) => b.words.length - a.words.length)) {
    for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + words.length)) {
      const taken = found.some((other) => at < other.index + other.length && other.index < at + words.length)
      if (!taken) found.push({ kind, index: at, length: words.length, value })
    }
  }
  return found.toSorted((a, b) => a.index - b.index).slice(0, mostMarks)
}
