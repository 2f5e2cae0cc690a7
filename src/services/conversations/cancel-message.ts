import { messageById } from '../../../db/queries/messages.ts'
import { outboxByMessage, updateOutbox } from '../../../db/queries/outbox.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { commandOutbox } from '../../core/lifecycle/outbox.ts'
import { AppError, kindOf } from '../../lib/errors.ts'
import type { ServiceContext } from '../context.ts'
import { setDelivery } from '../outbox/set-delivery.ts'
import { lockedConversation } from './locked-conversation.ts'

/**
 * Takes a message back that has not begun to leave; it stays in the thread as cancelled. Cancelling again changes nothing.
 * @throws AppError 'not_found', 'forbidden', or 'conflict' with code `already_leaving` when it is on its way or gone.
 */
export async function cancelMessage(ctx: ServiceContext, viewer: Viewer, messageId: string): Promise<void> {
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const [message] = await messageById(tx, { id: messageId })
    if (message === undefined) throw noMessage()
    await lockedConversation(tx, viewer, 'conversation.reply', message.conversationId, now).catch((error: unknown) => {
      throw kindOf(error) === 'not_found' ? noMessage() : error
    })
    const [item] = await outboxByMessage(tx, { messageId })
    if (item === undefined) throw new AppError('conflict', 'This message was not sent by us.')
    if (item.status === 'cancelled') return
    const step = commandOutbox(item.status, 'cancel')
    // One that was tried may have been taken; only one that never began to leave is surely not seen.
    if (!step.ok || item.attempts > 0) throw leaving()
    const expected = { status: item.status, leaseToken: item.leaseToken }
    if (!(await updateOutbox(tx, item.id, expected, { status: step.next, nextAttemptAt: null, updatedAt: now }))) throw leaving()
    await setDelivery(tx, message, step.next, null, now)
    // What was written after it no longer waits for it.
    const { conversationId } = message
    tx.afterCommit(() => void ctx.jobs.add('outbox.send', { conversationId }, { key: conversationId }).catch(() => undefined))
  })
}

function noMessage(): AppError {
  return new AppError('not_found', 'There is no such message.')
}

function leaving(): AppError {
  return new AppError('conflict', 'The message is on its way already.', { code: 'already_leaving' })
}
