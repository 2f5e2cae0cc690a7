import { messageById } from '../../../db/queries/messages.ts'
import { itemsOfKey, outboxById, updateOutbox } from '../../../db/queries/outbox.ts'
import type { SendError } from '../../wire/messages.ts'
import type { ServiceContext } from '../context.ts'
import { setDelivery } from './set-delivery.ts'

const lost: SendError = {
  code: 'outcome_lost',
  detail: 'Sending was cut off; nobody knows whether it arrived. Send it again if it did not.',
}

/**
 * Settles an item whose worker died while sending: one that the provider would recognise as a repeat is queued again,
 * any other ends as unconfirmed for a person to decide. Does nothing while the worker's lease holds.
 */
export async function recoverLapsed(ctx: ServiceContext, outboxId: string): Promise<void> {
  const [item] = await outboxById(ctx.store, { id: outboxId })
  if (item === undefined || item.status !== 'sending' || (item.leaseUntil ?? 0) >= ctx.clock.now()) return
  const inbox = await ctx.inboxes.get(item.inboxId)
  const again = inbox.session.resumable?.(item.route) ?? false
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    // Those that left in the same call share its fate: one alone under their retry key would be taken for all of them.
    const shared = await itemsOfKey(tx, { conversationId: item.conversationId, retryKey: item.retryKey })
    const status = again ? 'queued' : 'unconfirmed'
    const error = again ? null : lost
    const changes = { status, error, nextAttemptAt: again ? now : null, leaseUntil: null, leaseToken: null, updatedAt: now } as const
    for (const one of shared) {
      if (one.leaseToken !== item.leaseToken) continue
      const won = await updateOutbox(tx, one.id, { status: 'sending', leaseToken: item.leaseToken }, changes)
      const [message] = await messageById(tx, { id: one.messageId })
      if (won && message !== undefined) await setDelivery(tx, message, status, error, now)
    }
  })
}
