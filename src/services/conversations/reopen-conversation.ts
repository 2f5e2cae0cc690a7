import { isUniqueViolation } from '../../../db/portable.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import type { Actor } from '../../wire/words.ts'
import { require as requirePermission } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { appendLine } from './append-message.ts'
import { lockedConversation } from './locked-conversation.ts'
import { moveConversation } from './move-conversation.ts'

/**
 * Takes a resolved conversation up again; it becomes the one's who does.
 * @throws AppError 'conflict' when it is not resolved or a newer one of the same thread is open; 'not_found', 'forbidden'.
 */
export async function reopenConversation(ctx: ServiceContext, viewer: Viewer, conversationId: string): Promise<void> {
  try {
    await ctx.store.tx(async (tx) => {
      const now = ctx.clock.now()
      const actor: Actor = { type: 'agent', id: viewer.agentId }
      const row = await lockedConversation(tx, viewer, 'conversation.read', conversationId, now)
      requirePermission(viewer, 'conversation.reply')
      await moveConversation(tx, row, { event: { type: 'reopen', by: 'agent' }, actor, now, agentId: viewer.agentId })
      await appendLine(tx, row, actor, now, 'conversation.reopened')
    })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new AppError(
      'conflict',
      'A newer conversation of this customer is open; go on there.',
      { code: 'newer_conversation' },
      { cause: error },
    )
  }
}
