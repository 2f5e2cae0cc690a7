import type { LoadedConversation } from '../../db/queries/load-conversations.ts'
import type { LoadedOffer } from '../../db/queries/load-offers.ts'
import type { Offer } from '../wire/offers.ts'
import { maskConversation, presentConversation } from './conversation.ts'

/**
 * An offer with its conversation.
 * @param visible whether the viewer may see the conversation now; without it the customer's side is masked.
 */
export function presentOffer(row: LoadedOffer, conversation: LoadedConversation, visible: boolean): Offer {
  const shown = presentConversation(conversation)
  return {
    id: row.id,
    conversationId: row.conversationId,
    agentId: row.agentId,
    queueId: row.queueId,
    status: row.status,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    endedAt: row.endedAt,
    reason: row.reason,
    why: row.why,
    conversation: visible ? shown : maskConversation(shown),
  }
}
