import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Conversation, ConversationView } from '../../../src/wire/conversations.ts'
import { loadConversations } from '../live/load.ts'
import { useLive } from '../live/store.ts'
import { useConversations } from '../live/use-things.ts'
import { heldBack, listOf, type MineOrder } from './list-order.ts'

/** A list of conversations kept true by the event stream, loaded page by page. */
export interface ConversationList {
  readonly items: readonly Conversation[]
  readonly loading: boolean
  readonly error: unknown
  readonly more: boolean
  readonly loadMore: () => void
  readonly retry: () => void
}

/** The conversations of a view: pages from the hub, then whatever events add, change or take away. */
export function useConversationList(view: ConversationView, queueId: string | undefined, order: MineOrder): ConversationList {
  const me = useLive((l) => l.me?.agent.id ?? '')
  const generation = useLive((l) => l.generation)
  const conversations = useConversations()
  const pages = useInfiniteQuery({
    queryKey: ['conversations', view, queueId ?? null, generation],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const page = await loadConversations({ view, ...(queueId !== undefined ? { queueId } : {}) }, pageParam, signal)
      const last = page.items.at(-1)
      return { nextCursor: page.nextCursor, edge: last ? { lastMessageAt: last.lastMessageAt, id: last.id } : null }
    },
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
  const edge = pages.hasNextPage ? (pages.data?.pages.at(-1)?.edge ?? null) : null
  const items = useMemo(() => listOf(conversations, { view, me, queueId, edge, order }), [conversations, view, me, queueId, edge, order])
  return {
    items,
    loading: pages.isPending,
    error: pages.error,
    more: pages.hasNextPage,
    loadMore: () => {
      if (pages.hasNextPage && !pages.isFetchingNextPage) void pages.fetchNextPage()
    },
    retry: () => void pages.refetch(),
  }
}

/**
 * Holds the order of a list still while somebody points at it. Rows keep changing in place; new ones
 * and moves wait, counted, until the pointer leaves or they are asked for.
 */
export function useStillList(items: readonly Conversation[], key: string) {
  const [held, setHeld] = useState<{ key: string; ids: readonly string[] } | null>(null)
  const still = held !== null && held.key === key ? held.ids : null
  const byId = useMemo(() => new Map(items.map((c) => [c.id, c])), [items])
  const shown = useMemo(() => (still === null ? items : still.flatMap((id) => byId.get(id) ?? [])), [items, still, byId])
  const waiting = useMemo(
    () =>
      still === null
        ? 0
        : heldBack(
            still,
            items.map((c) => c.id),
          ),
    [still, items],
  )
  return {
    shown,
    waiting,
    hold: () => setHeld({ key, ids: items.map((c) => c.id) }),
    release: () => setHeld(null),
    renew: () => setHeld({ key, ids: items.map((c) => c.id) }),
  }
}
