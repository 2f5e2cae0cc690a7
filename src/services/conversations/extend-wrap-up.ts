import { updateConversation } from '../../../db/queries/conversations.ts'
import { queueSettings } from '../../../db/queries/queues.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import type { ServiceContext } from '../context.ts'
import { lockedConversation } from './locked-conversation.ts'

/**
 * Gives wrap-up the queue's time once more; once for each wrap-up.
 * @throws AppError 'conflict' when it is not in wrap-up or was extended before; 'not_found', 'forbidden'.
 */
export async function extendWrapUp(ctx: ServiceContext, viewer: Viewer, conversationId: string): Promise<void> {
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const row = await lockedConversation(tx, viewer, 'conversation.assign', conversationId, now)
    if (row.status !== 'wrap_up') throw new AppError('conflict', 'The conversation is not in wrap-up.', { code: 'wrong_state' })
    if (row.wrapUpExtendedAt !== null) throw new AppError('conflict', 'Wrap-up was extended already.', { code: 'extended' })
    const { wrapUpMs } = await queueSettings(tx, row.queueId)
    const wrapUpUntil = Math.max(row.wrapUpUntil ?? now, now) + wrapUpMs
    await updateConversation(tx, row.id, { wrapUpUntil, wrapUpExtendedAt: now })
    tx.append({
      type: 'conversation.changed',
      at: now,
      actorType: 'agent',
      actorId: viewer.agentId,
      conversationId,
      subjectId: conversationId,
      data: { what: 'wrap_up_extended' },
    })
  })
}
