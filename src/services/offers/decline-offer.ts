import { queueSettings } from '../../../db/queries/queues.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { settleOffer } from '../../core/lifecycle/offer.ts'
import { AppError } from '../../lib/errors.ts'
import type { QueueSettings } from '../../wire/queues.ts'
import { require as requirePermission } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { lost, ownOffer } from './accept-offer.ts'
import { endOffer } from './end-offer.ts'

/**
 * Passes an offered conversation on: it returns to its queue at its age and goes to the next agent at once.
 * @throws AppError 'not_found', or 'conflict' when the offer has ended; 'invalid_input' when the queue asks for a reason and none, or
 *   none of its own, is given.
 */
export async function declineOffer(ctx: ServiceContext, viewer: Viewer, offerId: string, reason?: string): Promise<void> {
  requirePermission(viewer, 'offer.answer')
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const { offer, row } = await ownOffer(tx, viewer, offerId, now)
    const step = settleOffer(offer, 'declined', now)
    if (!step.ok) throw await lost(tx, offer, row, step.sentence)
    checkReason(await queueSettings(tx, offer.queueId), reason?.trim())
    await endOffer(tx, row, offer, {
      outcome: 'declined',
      reason: reason?.trim() || null,
      actor: { type: 'agent', id: viewer.agentId },
      now,
    })
  })
}

function checkReason({ declineReasons, declineReasonRequired }: QueueSettings, reason: string | undefined): void {
  const path = 'reason'
  if (reason === undefined || reason === '') {
    if (!declineReasonRequired) return
    const message = 'This queue asks why it is declined.'
    throw new AppError('invalid_input', message, { code: 'reason_required', fields: [{ path, message }] })
  }
  if (declineReasonRequired && declineReasons.length > 0 && !declineReasons.includes(reason)) {
    const message = 'This reason is not one of the queue’s.'
    throw new AppError('invalid_input', message, { code: 'unknown_reason', fields: [{ path, message }] })
  }
}
