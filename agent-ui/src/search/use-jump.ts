import { useLocation } from '@tanstack/react-router'
import { type RefObject, useEffect, useRef } from 'react'
import type { Thread } from '../../../src/wire/thread.ts'
import { loadMessages } from '../live/load.ts'

/** Ordinal of the message that an address leads to (`#m12`); null for none. */
export function ordinalIn(hash: string): number | null {
  const digits = /^#?m([1-9]\d{0,8})$/.exec(hash)?.[1]
  return digits === undefined ? null : Number(digits)
}

/** Goes to the message that the address names, once: loads older pages until it is there, shows and focuses it. */
export function useJump(conversationId: string, thread: Thread | undefined, scroller: RefObject<HTMLElement | null>): void {
  const hash = useLocation({ select: (location) => location.hash })
  const ordinal = ordinalIn(hash)
  const done = useRef<string | null>(null)
  const first = thread?.messages[0]?.ordinal ?? 0
  const hasOlder = thread?.hasOlder === true
  const loaded = thread !== undefined
  useEffect(() => {
    if (ordinal === null || !loaded || done.current === hash) return
    if (first > ordinal && hasOlder) {
      const stop = new AbortController()
      loadMessages(conversationId, first, stop.signal).catch(() => {
        // The newest page is there, and its button loads older ones by hand and says why it cannot.
        if (!stop.signal.aborted) done.current = hash
      })
      return () => stop.abort()
    }
    done.current = hash
    // The thread first scrolls to its end; this comes after.
    const frame = requestAnimationFrame(() => {
      const message = scroller.current?.querySelector<HTMLElement>(`[data-ordinal="${ordinal}"]`)
      if (message === null || message === undefined) return
      message.tabIndex = -1
      message.scrollIntoView({ block: 'center' })
      message.focus({ preventScroll: true })
    })
    return () => cancelAnimationFrame(frame)
  }, [conversationId, hash, ordinal, first, hasOlder, loaded, scroller])
}
