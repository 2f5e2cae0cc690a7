import { messageById } from '../../../db/queries/messages.ts'
import { lapsedItems, type OutboxRow, updateOutbox } from '../../../db/queries/outbox.ts'
import type { SendError } from '../../wire/messages.ts'
import type { ServiceContext } from '../context.ts'
import { setDelivery } from './set-delivery.ts'

const lost: SendError = {
  code: 'outcome_lost',
  detail: 'Sending was cut off; nobody knows whether it arrived. Send it again if it did not.',
}

/**
 * Settles items whose worker died while sending: those the provider would recognise as repeats are queued
 * again, the others end as unconfirmed for a person to decide. Returns how many there were.
 */
export async function recoverLapsed(ctx: ServiceContext, limit: number): Promise<number> {
  const items = await lapsedItems(ctx.store, ctx.clock.now(), limit)
  for (const item of items) await recover(ctx, item)
  return items.length
}

async function recover(ctx: ServiceContext, item: OutboxRow): Promise<void> {
  const inbox = await ctx.inboxes.get(item.inboxId)
  const again = inbox.session.resumable?.(item.route) ?? false
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const status = again ? 'queued' : 'unconfirmed'
    const error = again ? null : lost
    const won = await updateOutbox(
      tx,
      item.id,
      { status: 'sending', leaseToken: item.leaseToken },
      { status, error, nextAttemptAt: again ? now : null, leaseUntil: null, leaseToken: null, updatedAt: now },
    )
    const [message] = await messageById(tx, { id: item.messageId })
    if (won && message !== undefined) await setDelivery(tx, message, status, error, now)
  })
}
