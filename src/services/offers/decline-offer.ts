import type { Viewer } from '../../core/access/authorize.ts'
import { settleOffer } from '../../core/lifecycle/offer.ts'
import { require as requirePermission } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { lost, ownOffer } from './accept-offer.ts'
import { endOffer } from './end-offer.ts'

/**
 * Passes an offered conversation on: it returns to its queue at its age and goes to the next agent at once.
 * @throws AppError 'not_found', or 'conflict' when the offer has ended.
 */
export async function declineOffer(ctx: ServiceContext, viewer: Viewer, offerId: string, reason?: string): Promise<void> {
  requirePermission(viewer, 'offer.answer')
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const { offer, row } = await ownOffer(tx, viewer, offerId, now)
    const step = settleOffer(offer, 'declined', now)
    if (!step.ok) throw await lost(tx, offer, row, step.sentence)
    await endOffer(tx, row, offer, {
      outcome: 'declined',
      reason: reason?.trim() || null,
      actor: { type: 'agent', id: viewer.agentId },
      now,
    })
  })
}
