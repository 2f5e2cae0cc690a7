import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import type { ContactHit, MessageHit } from '../../../src/wire/search.ts'
import { browserNow } from '../live/clock.ts'
import { fetchResults, type Search } from './search-api.ts'

/** Messages of one conversation that were found. */
export interface ConversationHits {
  readonly conversation: MessageHit['conversation']
  readonly hits: readonly MessageHit[]
}

/** Pages looked at by themselves while nothing has been found; then the reader is asked. */
const maxEmptyPages = 20

/** Puts hits of one conversation together; conversations stand in the order of their newest hit. */
export function groupHits(hits: readonly MessageHit[]): ConversationHits[] {
  const groups = new Map<string, { conversation: MessageHit['conversation']; hits: MessageHit[] }>()
  for (const hit of hits) {
    const group = groups.get(hit.conversation.id)
    if (group) group.hits.push(hit)
    else groups.set(hit.conversation.id, { conversation: hit.conversation, hits: [hit] })
  }
  return [...groups.values()]
}

/** What a search has found so far. */
export interface Found {
  readonly asked: boolean
  readonly loading: boolean
  readonly error: unknown
  readonly conversations: readonly ConversationHits[]
  readonly contacts: readonly ContactHit[]
  /** False while older messages are still being taken into the index. */
  readonly complete: boolean
  readonly more: boolean
  readonly loadMore: () => void
  readonly retry: () => void
}

/** Searches as the address says, page by page; pages without hits are passed by. */
export function useSearchResults(search: Search): Found {
  const asked = search.q !== undefined && search.q.trim() !== ''
  const pages = useInfiniteQuery({
    queryKey: ['search', search],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => fetchResults(search, browserNow(), pageParam, signal),
    getNextPageParam: (page) => page.messages.nextCursor ?? undefined,
    enabled: asked,
    placeholderData: keepPreviousData,
    staleTime: 15_000,
  })
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = pages
  const hits = useMemo(() => data?.pages.flatMap((page) => page.messages.items) ?? [], [data])
  const passBy = asked && hasNextPage && !isFetching && !isError && hits.length === 0 && (data?.pages.length ?? 0) < maxEmptyPages
  useEffect(() => {
    if (passBy) void fetchNextPage()
  }, [passBy, fetchNextPage])
  const conversations = useMemo(() => groupHits(hits), [hits])
  return {
    asked,
    loading: asked && (isFetching || passBy),
    error: pages.error,
    conversations: asked ? conversations : [],
    contacts: asked ? (data?.pages[0]?.contacts.items ?? []) : [],
    complete: data?.pages[0]?.complete ?? true,
    more: asked && hasNextPage,
    loadMore: () => void fetchNextPage(),
    retry: () => void pages.refetch(),
  }
}
