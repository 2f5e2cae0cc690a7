import { z } from 'zod'
import { readFill } from '../../../db/queries/search-documents.ts'
import { holds, type Viewer } from '../../core/access/authorize.ts'
import { readQuery, type SearchQuery } from '../../core/search/query.ts'
import { readCursor, writeCursor } from '../../lib/cursor.ts'
import type { SearchQueryInput, SearchResults } from '../../wire/search.ts'
import type { ServiceContext } from '../context.ts'
import { findContacts } from './find-contacts.ts'
import type { Scanned } from './scan-hits.ts'
import { searchMessages } from './search-messages.ts'

const placeSchema = z.tuple([z.enum(['m', 'c']), z.number().int().min(0)])
type List = z.output<typeof placeSchema>[0]

/** Contacts shown beside messages. */
const contactsBeside = 5

/**
 * What a query finds in messages and contacts, each list the newest first and only what the viewer may see. Contacts are left
 * out for those who may not read them, and where messages are narrowed down by channel, agent or time.
 * @throws AppError 'invalid_input' for a cursor of another list; 'forbidden' without `conversation.read`.
 */
export async function search(ctx: ServiceContext, viewer: Viewer, input: SearchQueryInput): Promise<SearchResults> {
  const query = readQuery(input.q)
  const messages = input.in === 'contacts' ? nothing : await messagesOf(ctx, viewer, query, input)
  const contacts = showsContacts(viewer, input) ? await contactsOf(ctx, viewer, query, input) : nothing
  const fill = await readFill(ctx.store)
  return { messages: pageOf('m', messages), contacts: pageOf('c', contacts), complete: fill?.stage === 'done' }
}

const nothing = { items: [], next: null }

function showsContacts(viewer: Viewer, { in: list, channel, agentId, from, to }: SearchQueryInput): boolean {
  if (list === 'contacts') return true
  const narrowed = [channel, agentId, from, to].some((filter) => filter !== undefined)
  return list === 'all' && !narrowed && holds(viewer, 'contact.read')
}

function messagesOf(ctx: ServiceContext, viewer: Viewer, query: SearchQuery, input: SearchQueryInput) {
  return searchMessages(ctx, viewer, query, { filter: input, before: placeOf('m', input.cursor), limit: input.limit })
}

function contactsOf(ctx: ServiceContext, viewer: Viewer, query: SearchQuery, input: SearchQueryInput) {
  const limit = input.in === 'all' ? Math.min(contactsBeside, input.limit) : input.limit
  return findContacts(ctx, viewer, query, { before: placeOf('c', input.cursor), limit })
}

function placeOf(list: List, cursor: string | undefined): number | null {
  return cursor === undefined
    ? null
    : readCursor(
        placeSchema.refine(([name]) => name === list),
        cursor,
      )[1]
}

function pageOf<T>(list: List, { items, next }: Scanned<T>): { items: T[]; nextCursor: string | null } {
  return { items, nextCursor: next === null ? null : writeCursor([list, next]) }
}
