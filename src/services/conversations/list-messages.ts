import { messagesAfter, messagesBefore } from '../../../db/queries/load-messages.ts'
import { newestSeq } from '../../../db/queries/log.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { presentMessage } from '../../present/message.ts'
import type { MessageListQuery, MessagePage } from '../../wire/pages.ts'
import type { ServiceContext } from '../context.ts'
import { visibleConversation } from './get-conversation.ts'

/**
 * A stretch of a conversation in ascending order: below `before`, above `after`, or its newest messages.
 * @throws AppError 'not_found' also when the viewer may not see the conversation.
 */
export async function listMessages(
  ctx: ServiceContext,
  viewer: Viewer,
  conversationId: string,
  query: MessageListQuery,
): Promise<MessagePage> {
  const { store } = ctx
  const seq = await newestSeq(store)
  await visibleConversation(ctx, viewer, conversationId)
  // One more than asked for tells whether there is more.
  const limit = query.limit + 1
  const upward = query.after === undefined
  const rows = upward
    ? await messagesBefore(store, { conversationId, before: query.before ?? Number.MAX_SAFE_INTEGER, limit })
    : await messagesAfter(store, { conversationId, after: query.after ?? 0, limit })
  const items = rows.slice(0, query.limit).map(presentMessage)
  return { conversationId, items: upward ? items.reverse() : items, hasMore: rows.length > query.limit, seq }
}
