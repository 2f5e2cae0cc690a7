import { messageById } from '../../../db/queries/messages.ts'
import { outboxByMessage, updateOutbox } from '../../../db/queries/outbox.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError, kindOf } from '../../lib/errors.ts'
import { require as requirePermission } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { setDelivery } from '../outbox/set-delivery.ts'
import { lockedConversation } from './locked-conversation.ts'

/**
 * Allows that a message which waits because the plan is nearly used up is sent and counted.
 * @throws AppError 'not_found', 'forbidden', or 'conflict' with code `not_held` when it does not wait.
 */
export async function approveMessage(ctx: ServiceContext, viewer: Viewer, messageId: string): Promise<void> {
  requirePermission(viewer, 'message.approve')
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const [message] = await messageById(tx, { id: messageId })
    if (message === undefined) throw noMessage()
    const { conversationId } = message
    await lockedConversation(tx, viewer, 'conversation.read', conversationId, now).catch((error: unknown) => {
      // A message out of sight must read like one that never was.
      throw kindOf(error) === 'not_found' ? noMessage() : error
    })
    const [item] = await outboxByMessage(tx, { messageId })
    if (item === undefined || item.status !== 'queued' || item.hold === null)
      throw new AppError('conflict', 'The message does not wait for anybody.', { code: 'not_held' })
    const changes = { hold: null, approvedBy: viewer.agentId, nextAttemptAt: now, error: null, updatedAt: now }
    const won = await updateOutbox(tx, item.id, { status: 'queued', leaseToken: item.leaseToken }, changes)
    if (!won) throw new AppError('conflict', 'The message is being sent already.', { code: 'not_held' })
    await setDelivery(tx, message, 'queued', null, now)
    tx.append({
      type: 'message.changed',
      at: now,
      actorType: 'agent',
      actorId: viewer.agentId,
      conversationId,
      subjectId: messageId,
      data: { what: 'approved' },
    })
    tx.afterCommit(() => void ctx.jobs.add('outbox.send', { conversationId }, { key: conversationId }).catch(() => undefined))
  })
}

function noMessage(): AppError {
  return new AppError('not_found', 'There is no such message.')
}
