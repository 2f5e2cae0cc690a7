import { searchQueryMaxChars } from '../../../src/wire/search.ts'
import { channelIdSchema, idSchema } from '../../../src/wire/words.ts'
import { type Search, type SearchSpan, searchSpans } from './search-api.ts'

/** What an address says of a search; what means nothing is left out. */
export function readSearch(given: Record<string, unknown>): Search {
  const q = typeof given['q'] === 'string' || typeof given['q'] === 'number' ? String(given['q']).slice(0, searchQueryMaxChars) : ''
  const channel = channelIdSchema.safeParse(given['channel'])
  const agent = idSchema.safeParse(given['agent'])
  const days = searchSpans.find((span) => span === String(given['days']))
  return {
    ...(q === '' ? {} : { q }),
    ...(channel.success ? { channel: channel.data } : {}),
    ...(agent.success ? { agent: agent.data } : {}),
    ...(days === undefined ? {} : { days: days satisfies SearchSpan }),
  }
}
