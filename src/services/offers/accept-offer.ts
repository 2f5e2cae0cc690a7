import { setIdleSince } from '../../../db/queries/agent-states.ts'
import { type ConversationRow, lockConversation } from '../../../db/queries/conversations.ts'
import { agentName } from '../../../db/queries/names.ts'
import { endPendingOffer, type OfferRow, offerById } from '../../../db/queries/offers.ts'
import type { Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { settleOffer } from '../../core/lifecycle/offer.ts'
import { AppError } from '../../lib/errors.ts'
import type { Actor } from '../../wire/words.ts'
import { require as requirePermission } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { appendLine } from '../conversations/append-message.ts'
import { moveConversation } from '../conversations/move-conversation.ts'
import { expireOffer } from './expire-offer.ts'

/**
 * Takes an offered conversation. Of all who try, on however many tabs, one succeeds; the others learn who has it.
 * @throws AppError 'not_found' for somebody else's offer; 'conflict' (details.status, details.assignee) when it
 *   ended already or its deadline has passed.
 */
export async function acceptOffer(ctx: ServiceContext, viewer: Viewer, offerId: string): Promise<void> {
  requirePermission(viewer, 'offer.answer')
  const late = await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const { offer, row } = await ownOffer(tx, viewer, offerId, now)
    const step = settleOffer(offer, 'accepted', now)
    if (!step.ok) {
      if (offer.status === 'pending') return true
      throw await lost(tx, offer, row, step.sentence)
    }
    await takeOffered(tx, row, offer, { type: 'agent', id: viewer.agentId }, now)
    return false
  })
  if (!late) return
  await expireOffer(ctx, offerId)
  throw new AppError('conflict', 'The offer has expired.', { code: 'offer_ended', status: 'expired' })
}

/** Puts an offered, locked conversation into the hands of the offer's agent; the caller has seen that the offer is still pending. */
export async function takeOffered(
  tx: Tx,
  row: ConversationRow,
  offer: Pick<OfferRow, 'id' | 'agentId'>,
  actor: Actor,
  now: number,
): Promise<void> {
  const { id, agentId } = offer
  await endPendingOffer(tx, { id, status: 'accepted', reason: null, now })
  await moveConversation(tx, row, { event: { type: 'offer_accepted' }, actor, now, agentId, acceptedOfferId: id })
  await setIdleSince(tx, { agentId, now })
  tx.append({
    type: 'offer.ended',
    at: now,
    actorType: actor.type,
    actorId: actor.id,
    conversationId: row.id,
    subjectId: id,
    data: { outcome: 'accepted', agentId },
  })
  const [agent] = await agentName(tx, { id: agentId })
  await appendLine(tx, row, actor, now, 'conversation.accepted', { agent: agent?.name ?? '' })
}

/**
 * An agent's own offer and its conversation, both held until the transaction ends.
 * @throws AppError 'not_found'.
 */
export async function ownOffer(tx: Tx, viewer: Viewer, offerId: string, now: number): Promise<{ offer: OfferRow; row: ConversationRow }> {
  const missing = new AppError('not_found', 'There is no such offer.')
  const [seen] = await offerById(tx, { id: offerId })
  if (seen === undefined || seen.agentId !== viewer.agentId) throw missing
  const [row] = await lockConversation(tx, { id: seen.conversationId, now })
  // Read again under the conversation's lock: on PostgreSQL another may have ended it in between.
  const [offer] = await offerById(tx, { id: offerId })
  if (row === undefined || offer === undefined) throw missing
  return { offer, row }
}

/** Says how the offer ended and, where somebody has the conversation now, who. */
export async function lost(tx: Tx, offer: OfferRow, row: ConversationRow, sentence: string): Promise<AppError> {
  const [assignee] = row.assigneeId === null ? [] : await agentName(tx, { id: row.assigneeId })
  const details = {
    code: 'offer_ended',
    status: offer.status,
    assignee: assignee === undefined ? null : { id: row.assigneeId, name: assignee.name },
  }
  return new AppError('conflict', sentence, details)
}
