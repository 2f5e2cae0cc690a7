import { useMemo } from 'react'
import { useLive } from '../live/store.ts'
import { useConversations, useStats } from '../live/use-things.ts'

/** How many conversations are mine, and how many wait in the queues I may see. */
export function useInboxCounts(): { readonly mine: number; readonly waiting: number } {
  const me = useLive((l) => l.me?.agent.id)
  const conversations = useConversations()
  const stats = useStats()
  const mine = useMemo(() => conversations.filter((c) => c.assigneeId === me && c.status !== 'resolved').length, [conversations, me])
  const waiting = useMemo(() => Object.values(stats).reduce((sum, s) => sum + s.waiting, 0), [stats])
  return { mine, waiting }
}
