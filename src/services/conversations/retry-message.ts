import { messageById } from '../../../db/queries/messages.ts'
import { outboxByMessage, updateOutbox } from '../../../db/queries/outbox.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { commandOutbox } from '../../core/lifecycle/outbox.ts'
import { AppError, kindOf } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import type { ServiceContext } from '../context.ts'
import { setDelivery } from '../outbox/set-delivery.ts'
import { lockedConversation } from './locked-conversation.ts'

/** Providers remember a retry key for 24 h; a repeat after this time needs a new one. */
const retryKeyMs = 23 * 3_600_000

/**
 * Sends a failed or unconfirmed message again because a person asked for it. An unconfirmed one keeps its
 * retry key while the provider remembers it, so that it is not doubled where the provider can tell.
 * @throws AppError 'not_found', 'forbidden', or 'conflict' when there is nothing to send again.
 */
export async function retryMessage(ctx: ServiceContext, viewer: Viewer, messageId: string): Promise<void> {
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const [message] = await messageById(tx, { id: messageId })
    if (message === undefined) throw noMessage()
    await lockedConversation(tx, viewer, 'conversation.reply', message.conversationId, now).catch((error: unknown) => {
      // A message out of sight must read like one that never was.
      throw kindOf(error) === 'not_found' ? noMessage() : error
    })
    const [item] = await outboxByMessage(tx, { messageId })
    if (item === undefined) throw new AppError('conflict', 'This message was not sent by us.')
    const step = commandOutbox(item.status, 'resend')
    if (!step.ok) throw new AppError('conflict', step.sentence, { code: 'not_resendable' })
    const keepKey = item.status === 'unconfirmed' && now - item.createdAt < retryKeyMs
    const changes = {
      status: step.next,
      attempts: 0,
      nextAttemptAt: now,
      error: null,
      route: null,
      updatedAt: now,
      retryKey: keepKey ? item.retryKey : newId(),
    }
    const won = await updateOutbox(tx, item.id, { status: item.status, leaseToken: item.leaseToken }, changes)
    if (!won) throw new AppError('conflict', 'The message is being sent already.')
    await setDelivery(tx, message, 'queued', null, now)
    const { conversationId } = message
    tx.afterCommit(() => void ctx.jobs.add('outbox.send', { conversationId }, { key: conversationId }).catch(() => undefined))
  })
}

function noMessage(): AppError {
  return new AppError('not_found', 'There is no such message.')
}
