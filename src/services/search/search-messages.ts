import { type LoadedConversation, loadConversations } from '../../../db/queries/load-conversations.ts'
import { type LoadedMessage, loadMessages } from '../../../db/queries/load-messages.ts'
import { type ConversationText, conversationTexts, firstDocumentFrom } from '../../../db/queries/search-documents.ts'
import type { Hit, Match } from '../../../db/queries/search-terms.ts'
import type { Store } from '../../../db/store.ts'
import { canSee, type Viewer } from '../../core/access/authorize.ts'
import { findWishes } from '../../core/search/matches.ts'
import { type SearchQuery, termsOfWishes, type Wish } from '../../core/search/query.ts'
import { snippetOf } from '../../core/search/snippet.ts'
import { channelTerm } from '../../core/search/terms.ts'
import { scopeOf } from '../../present/conversation.ts'
import { presentMessageHit } from '../../present/search.ts'
import type { MessageHit, SearchQueryInput } from '../../wire/search.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { type Scanned, scanHits } from './scan-hits.ts'
import { textsOfConversation, textsOfMessage } from './searched-texts.ts'

/** Numbers of documents follow their times but for what was written at once; so much apart they do for certain. */
const orderSlackMs = 60_000

/** Which messages are wanted beside those that fulfil the query. */
export type MessageFilter = Pick<SearchQueryInput, 'channel' | 'agentId' | 'from' | 'to'>

/**
 * Messages, subjects and wrap-up notes that fulfil a query in conversations the viewer may see, the newest first. Each is held
 * against its present text and its conversation's present scope, so an index that is behind shows nothing it should not.
 * @param before the place after which the page begins, from an earlier page; null for the first.
 * @throws AppError 'forbidden' without `conversation.read`.
 */
export async function searchMessages(
  ctx: ServiceContext,
  viewer: Viewer,
  query: SearchQuery,
  { filter, before, limit }: { readonly filter: MessageFilter; readonly before: number | null; readonly limit: number },
): Promise<Scanned<MessageHit>> {
  require(viewer, 'conversation.read')
  const match = matchOf(query, filter)
  if (match === null) return { items: [], next: null }
  const { floor, top } = await rangeOf(ctx.store, filter)
  return scanHits(ctx, {
    shelf: 'message',
    match,
    before: before === null ? top : Math.min(before, top ?? before),
    floor,
    limit,
    wanted: (hit) => isWanted(viewer, filter, hit),
    load: (hits) => loadHits(ctx.store, viewer, query.wishes, hits),
  })
}

function matchOf({ wishes }: SearchQuery, { channel }: MessageFilter): Match | null {
  const terms = termsOfWishes(wishes)
  if (terms.length === 0) return null
  return [channel === undefined ? terms : [...terms, channelTerm(channel)]]
}

/** The numbers between which documents of the wanted times lie. */
async function rangeOf(store: Store, { from, to }: MessageFilter): Promise<{ floor: number; top: number | null }> {
  const floor = from === undefined ? 1 : await firstDocumentFrom(store, from - orderSlackMs)
  const top = to === undefined ? null : await firstDocumentFrom(store, to + orderSlackMs)
  return { floor: floor ?? Number.MAX_SAFE_INTEGER, top }
}

function isWanted(viewer: Viewer, { agentId, from, to }: MessageFilter, hit: Hit): boolean {
  if (from !== undefined && hit.at < from) return false
  if (to !== undefined && hit.at >= to) return false
  if (agentId !== undefined && hit.authorId !== agentId && hit.assigneeId !== agentId) return false
  const { queueId, inboxId, assigneeId, offeredTo } = hit
  return queueId !== null && inboxId !== null && canSee(viewer, { queueId, inboxId, assigneeId, offeredTo })
}

async function loadHits(store: Store, viewer: Viewer, wishes: readonly Wish[], hits: readonly Hit[]): Promise<(MessageHit | null)[]> {
  const of = (kind: Hit['kind']) => hits.filter((hit) => hit.kind === kind).map(({ subjectId }) => subjectId)
  const messages = new Map((await loadMessages(store, of('message'))).map((row) => [row.id, row]))
  const texts = new Map((await conversationTexts(store, of('conversation'))).map((row) => [row.id, row]))
  const conversationIds = hits.flatMap(({ conversationId }) => conversationId ?? [])
  const conversations = new Map((await loadConversations(store, conversationIds)).map((row) => [row.id, row]))
  return hits.map((hit) => {
    const conversation = conversations.get(hit.conversationId ?? '')
    // Asked again: it may have moved since the index was read.
    if (conversation === undefined || !canSee(viewer, scopeOf(conversation))) return null
    if (hit.kind === 'message') return messageHit(conversation, messages.get(hit.subjectId), wishes)
    return conversationHit(conversation, texts.get(hit.subjectId), wishes)
  })
}

function messageHit(conversation: LoadedConversation, message: LoadedMessage | undefined, wishes: readonly Wish[]): MessageHit | null {
  if (message === undefined || message.conversationId !== conversation.id) return null
  const found = findWishes(textsOfMessage(message), wishes)
  if (found === null) return null
  const [subject, body] = found
  if (body !== undefined && body.marks.length > 0)
    return presentMessageHit(conversation, message, { place: 'text', snippet: snippetOf(body) })
  return subject === undefined ? null : presentMessageHit(conversation, message, { place: 'subject', snippet: snippetOf(subject) })
}

function conversationHit(conversation: LoadedConversation, text: ConversationText | undefined, wishes: readonly Wish[]): MessageHit | null {
  const found = text === undefined ? null : findWishes(textsOfConversation(text), wishes)
  if (found === null) return null
  const [subject, note] = found
  if (note !== undefined && note.marks.length > 0)
    return presentMessageHit(conversation, null, { place: 'wrap_up_note', snippet: snippetOf(note) })
  return subject === undefined ? null : presentMessageHit(conversation, null, { place: 'subject', snippet: snippetOf(subject) })
}
