import { messageById } from '../../../db/queries/messages.ts'
import { itemsOfKey, outboxByMessage, updateOutbox } from '../../../db/queries/outbox.ts'
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
    const { conversationId } = message
    const same = keepKey ? await itemsOfKey(tx, { conversationId, retryKey: item.retryKey }) : [item]
    // What left in one call goes again in one call; the attempt before it is remembered, so that it stays together.
    const together = same.filter((one) => one.status === item.status)
    const attempts = together.length > 1 ? 1 : 0
    const changes = { status: step.next, attempts, nextAttemptAt: now, error: null, route: null, updatedAt: now }
    for (const one of together) {
      const retryKey = keepKey ? one.retryKey : newId()
      const won = await updateOutbox(tx, one.id, { status: one.status, leaseToken: one.leaseToken }, { ...changes, retryKey })
      if (!won) throw new AppError('conflict', 'The message is being sent already.')
      await setDelivery(tx, { id: one.messageId, conversationId }, 'queued', null, now)
    }
    tx.afterCommit(() => void ctx.jobs.add('outbox.send', { conversationId }, { key: conversationId }).catch(() => undefined))
  })
}

function noMessage(): AppError {
  return new AppError('not_found', 'There is no such message.')
}
