import { useEffect } from 'react'
import { useConversations, useMe } from '../live/use-things.ts'

const blinkMs = 1_000

/** How many of my conversations wait for my answer. */
export function useAwaitingMe(): number {
  const me = useMe().agent.id
  return useConversations().filter((c) => c.assigneeId === me && c.status === 'active' && c.awaiting === 'agent').length
}

/**
 * Shows in the page's title how many conversations wait for an answer, and takes turns with a word while
 * something rings.
 */
export function usePageTitle(awaiting: number, ringing: string | null): void {
  useEffect(() => {
    const plain = awaiting > 0 ? `(${awaiting}) Onequeue` : 'Onequeue'
    document.title = ringing ?? plain
    if (ringing === null) return
    let shown = true
    const timer = setInterval(() => {
      shown = !shown
      document.title = shown ? ringing : plain
    }, blinkMs)
    return () => clearInterval(timer)
  }, [awaiting, ringing])
}
