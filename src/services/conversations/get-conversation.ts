import { type LoadedConversation, loadConversations } from '../../../db/queries/load-conversations.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { presentConversation, scopeOf } from '../../present/conversation.ts'
import type { Conversation } from '../../wire/conversations.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'

/** A conversation the viewer may see. @throws AppError 'not_found' also when they may not. */
export async function getConversation(ctx: ServiceContext, viewer: Viewer, conversationId: string): Promise<Conversation> {
  return presentConversation(await visibleConversation(ctx, viewer, conversationId))
}

/** The row behind a conversation the viewer may see. @throws AppError 'not_found' also when they may not. */
export async function visibleConversation(ctx: ServiceContext, viewer: Viewer, conversationId: string): Promise<LoadedConversation> {
  const [row] = await loadConversations(ctx.store, [conversationId])
  if (row === undefined) throw new AppError('not_found', 'There is no such conversation.')
  require(viewer, 'conversation.read', { kind: 'conversation', scope: scopeOf(row) })
  return row
}
