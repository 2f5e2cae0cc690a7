import type { SearchResults } from '../../../src/wire/search.ts'
import type { ChannelId } from '../../../src/wire/words.ts'
import { http } from '../api/http.ts'

/** Lengths of time that a search may be narrowed down to, days. */
export const searchSpans = ['1', '7', '30', '365'] as const
export type SearchSpan = (typeof searchSpans)[number]

/** What is searched; stands in the page's address, so that it survives a reload and can be shared. */
export interface Search {
  readonly q?: string
  readonly channel?: ChannelId
  readonly agent?: string
  /** Not older than so many days. */
  readonly days?: SearchSpan
}

/** Hits asked for at once. */
const pageSize = 20
const dayMs = 86_400_000

/** Asks the hub: the first page with contacts, further ones for messages alone. `now` only decides how old is too old. */
export function fetchResults(search: Search, now: number, cursor: string | undefined, signal: AbortSignal): Promise<SearchResults> {
  const { q, channel, agent, days } = search
  // Whole minutes, so that pages of one search have the same bound.
  const from = days === undefined ? undefined : Math.floor((now - Number(days) * dayMs) / 60_000) * 60_000
  const list = cursor === undefined ? {} : { in: 'messages', cursor }
  return http.get<SearchResults>('/search', { q, channel, agentId: agent, from, limit: pageSize, ...list }, signal)
}
