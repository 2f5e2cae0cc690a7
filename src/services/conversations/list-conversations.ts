import {
  type ConversationKey,
  comparePlaces,
  earliest,
  type KeyPlace,
  type KeySource,
  keySources,
  latest,
} from '../../../db/queries/list-conversations.ts'
import { loadConversations } from '../../../db/queries/load-conversations.ts'
import { allQueueIds } from '../../../db/queries/load-queues.ts'
import { newestSeq } from '../../../db/queries/log.ts'
import type { Store } from '../../../db/store.ts'
import { canSee, type Viewer } from '../../core/access/authorize.ts'
import { presentConversation, scopeOf } from '../../present/conversation.ts'
import type { ConversationListQuery } from '../../wire/conversations.ts'
import type { ConversationPage } from '../../wire/pages.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { readCursor, writeCursor } from './list-cursor.ts'
import { readPage } from './merge-keys.ts'

/** Keys looked at for one page; a filter that matches fewer gives a short page and a cursor to go on from. */
const scanLimit = 800

/**
 * A page of conversations the viewer may see. `waiting` begins with the longest wait, the other views with the
 * newest message. The cost does not depend on how many conversations there are.
 * @throws AppError 'invalid_input' for a cursor that is not one of this view's; 'forbidden' without `conversation.read`.
 */
export async function listConversations(ctx: ServiceContext, viewer: Viewer, query: ConversationListQuery): Promise<ConversationPage> {
  require(viewer, 'conversation.read')
  const { store } = ctx
  const order = query.view === 'waiting' ? 'waiting' : 'latest'
  const after = query.cursor === undefined ? (order === 'latest' ? latest : earliest) : readCursor(order, query.cursor)
  const seq = await newestSeq(store)
  const sources = query.view === 'waiting' ? await waitingSources(store, viewer, query) : newestSources(viewer, query)
  const page = await readPage(store, sources, {
    after,
    limit: query.limit,
    scanLimit,
    compare: comparePlaces(order),
    wanted: (key) => matches(viewer, query, key),
  })
  return {
    items: await hydrate(store, viewer, page.keys),
    nextCursor: page.next === null ? null : writeCursor(order, page.next),
    seq,
  }
}

function newestSources(viewer: Viewer, query: ConversationListQuery): KeySource[] {
  const open = query.view !== 'resolved'
  if (query.contactId !== undefined) return [keySources.contact(query.contactId, open)]
  if (query.view === 'mine') return [keySources.assignee(viewer.agentId, open)]
  if (query.assigneeId !== undefined) return [keySources.assignee(query.assigneeId, open)]
  if (viewer.visibility === 'all') return [query.queueId === undefined ? keySources.all(open) : keySources.queue(query.queueId, open)]
  const own = [keySources.assignee(viewer.agentId, open)]
  if (open) own.push(keySources.offered(viewer.agentId, 'latest'))
  return [...own, ...teamQueues(viewer, query).map((queueId) => keySources.queue(queueId, open))]
}

async function waitingSources(store: Store, viewer: Viewer, query: ConversationListQuery): Promise<KeySource[]> {
  const offered = keySources.offered(viewer.agentId, 'waiting')
  if (viewer.visibility !== 'all') return [offered, ...teamQueues(viewer, query).map(keySources.waiting)]
  if (query.queueId !== undefined) return [keySources.waiting(query.queueId)]
  const queues = await allQueueIds(store, {})
  return queues.map(({ id }) => keySources.waiting(id))
}

function teamQueues(viewer: Viewer, query: ConversationListQuery): string[] {
  if (viewer.visibility !== 'team') return []
  return [...viewer.queueIds].filter((id) => query.queueId === undefined || query.queueId === id)
}

function matches(viewer: Viewer, query: ConversationListQuery, key: ConversationKey): boolean {
  if (query.view === 'waiting' && key.status !== 'queued' && key.status !== 'offered') return false
  if (query.view === 'mine' && key.assigneeId !== viewer.agentId) return false
  if (query.queueId !== undefined && key.queueId !== query.queueId) return false
  if (query.assigneeId !== undefined && key.assigneeId !== query.assigneeId) return false
  if (query.contactId !== undefined && key.contactId !== query.contactId) return false
  if (query.channel !== undefined && key.channel !== query.channel) return false
  return canSee(viewer, key)
}

/** The rows behind the keys in their order; asked again who may see them, for they may have moved meanwhile. */
async function hydrate(store: Store, viewer: Viewer, keys: readonly (ConversationKey & KeyPlace)[]) {
  const rows = new Map(
    (
      await loadConversations(
        store,
        keys.map((k) => k.id),
      )
    ).map((row) => [row.id, row]),
  )
  return keys.flatMap((key) => {
    const row = rows.get(key.id)
    return row !== undefined && canSee(viewer, scopeOf(row)) ? [presentConversation(row)] : []
  })
}
