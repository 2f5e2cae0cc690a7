import { loadConversations } from '../../../db/queries/load-conversations.ts'
import { type LoadedOffer, loadOffers } from '../../../db/queries/load-offers.ts'
import { canSee, holds, type Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { scopeOf } from '../../present/conversation.ts'
import { presentOffer } from '../../present/offer.ts'
import type { Offer } from '../../wire/offers.ts'
import type { ServiceContext } from '../context.ts'

/**
 * An offer to its agent, or to those who watch the floor and may see the conversation.
 * @throws AppError 'not_found' also when the viewer is neither.
 */
export async function getOffer(ctx: ServiceContext, viewer: Viewer, offerId: string): Promise<Offer> {
  const [row] = await loadOffers(ctx.store, [offerId])
  const [conversation] = row === undefined ? [] : await loadConversations(ctx.store, [row.conversationId])
  if (row !== undefined && conversation !== undefined) {
    const visible = canSee(viewer, scopeOf(conversation))
    if (row.agentId === viewer.agentId || (visible && holds(viewer, 'supervisor.view'))) return presentOffer(row, conversation, visible)
  }
  throw new AppError('not_found', 'There is no such offer.')
}

/** Offers to one agent with their conversations, as that agent sees them. */
export async function presentOffersTo(ctx: ServiceContext, viewer: Viewer, rows: readonly LoadedOffer[]): Promise<Offer[]> {
  const conversations = await loadConversations(
    ctx.store,
    rows.map((row) => row.conversationId),
  )
  const byId = new Map(conversations.map((row) => [row.id, row]))
  return rows.flatMap((row) => {
    const conversation = byId.get(row.conversationId)
    return conversation === undefined ? [] : [presentOffer(row, conversation, canSee(viewer, scopeOf(conversation)))]
  })
}
