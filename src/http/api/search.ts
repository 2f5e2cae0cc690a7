import { search } from '../../services/search/search.ts'
import { searchQuerySchema, searchResultsSchema } from '../../wire/search.ts'
import { type Route, route } from '../route.ts'

/** Search over the whole history. */
export const searchRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/search',
    permission: 'conversation.read',
    tags: ['Search'],
    summary: 'Search messages and contacts',
    description:
      'Words, beginnings of the last word, characters of Chinese and Japanese, and "phrases"; letter case, width and accents do not matter. Newest first, only what you may see. A page may be short, even empty, while `nextCursor` says that there is more to look at; with `in` the list goes on there.',
    query: searchQuerySchema,
    output: searchResultsSchema,
    handler: ({ ctx, viewer, query }) => search(ctx, viewer, query),
  }),
]
