import { useEffect, useRef } from 'react'
import { create } from 'zustand'
import type { Conversation } from '../../../src/wire/conversations.ts'
import { markRead } from '../live/acts.ts'
import { appliedSeq } from '../live/store.ts'

/** Time a message has to stand in front of a reader before it counts as seen. */
const seenAfterMs = 1_000

interface Seen {
  /** Newest log number whose messages the reader has had in front of them, by conversation. */
  readonly seqs: Readonly<Record<string, number>>
  readonly saw: (conversationId: string, seq: number) => void
}

/** What the author of a reply had seen: goes with each reply, so that the hub can hold one that crosses newer words. */
export const useSeen = create<Seen>()((set, get) => ({
  seqs: {},
  saw: (conversationId, seq) => set({ seqs: { ...get().seqs, [conversationId]: Math.max(seq, get().seqs[conversationId] ?? 0) } }),
}))

/**
 * Marks a thread as read while it is in front of somebody: page visible, scrolled to its end. What
 * arrives counts as seen a second later, so that a reply sent in the same moment is still guarded.
 */
export function useReading(conversation: Conversation, newestOrdinal: number, atEnd: boolean, visible: boolean): void {
  const saw = useSeen((s) => s.saw)
  const marked = useRef(0)
  const { id, readCount } = conversation
  useEffect(() => {
    if (!atEnd || !visible || newestOrdinal === 0) return
    const seq = appliedSeq()
    const timer = setTimeout(() => saw(id, seq), seenAfterMs)
    if (newestOrdinal > Math.max(readCount, marked.current)) {
      marked.current = newestOrdinal
      void markRead(id, newestOrdinal)
    }
    return () => clearTimeout(timer)
  }, [id, newestOrdinal, readCount, atEnd, visible, saw])
}
