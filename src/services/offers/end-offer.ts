import { type ConversationRow, lockConversation } from '../../../db/queries/conversations.ts'
import { endPendingOffer, type OfferRow, offerById, pendingOffersOf } from '../../../db/queries/offers.ts'
import type { Tx } from '../../../db/store.ts'
import type { Actor } from '../../wire/words.ts'
import { moveConversation } from '../conversations/move-conversation.ts'

/** How an offer ended otherwise than by being accepted. */
export interface OfferEnd {
  readonly outcome: 'declined' | 'expired' | 'withdrawn'
  readonly reason: string | null
  readonly actor: Actor
  /** Epoch ms. */
  readonly now: number
}

/**
 * Ends a pending offer and puts its locked conversation back into the queue at its age. False when the offer
 * had ended already; nothing is written then.
 */
export async function endOffer(tx: Tx, row: ConversationRow, offer: OfferRow, end: OfferEnd): Promise<boolean> {
  const { outcome, reason, actor, now } = end
  const won = await endPendingOffer(tx, { id: offer.id, status: outcome, reason, now })
  if (won.length === 0) return false
  if (row.status === 'offered')
    await moveConversation(tx, row, { event: { type: 'offer_ended', outcome, liveOffersLeft: 0 }, actor, now, agentId: offer.agentId })
  tx.append({
    type: 'offer.ended',
    at: now,
    actorType: actor.type,
    actorId: actor.id,
    conversationId: offer.conversationId,
    subjectId: offer.id,
    data: { outcome, agentId: offer.agentId, reason },
  })
  return true
}

/**
 * Locks the conversations an agent is offered. For those who go on to lock the agent: whoever offers, accepts or ends an offer
 * locks the conversation first, and two who lock in opposite orders wait for each other.
 */
export async function lockOffered(tx: Tx, agentId: string, now: number): Promise<void> {
  const offers = await pendingOffersOf(tx, agentId)
  for (const id of offers.map(({ conversationId }) => conversationId).sort()) await lockConversation(tx, { id, now })
}

/** Withdraws all pending offers of an agent who can no longer answer them; returns how many. */
export async function withdrawOffersOf(tx: Tx, agentId: string, reason: string, actor: Actor, now: number): Promise<number> {
  let ended = 0
  for (const { id, conversationId } of await pendingOffersOf(tx, agentId)) {
    const [row] = await lockConversation(tx, { id: conversationId, now })
    const [offer] = await offerById(tx, { id })
    if (row === undefined || offer === undefined || offer.status !== 'pending') continue
    if (await endOffer(tx, row, offer, { outcome: 'withdrawn', reason, actor, now })) ended += 1
  }
  return ended
}
