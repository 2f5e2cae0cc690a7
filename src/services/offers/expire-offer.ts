import { lockAgentState, setAgentStateRow } from '../../../db/queries/agent-states.ts'
import { lockConversation } from '../../../db/queries/conversations.ts'
import { offerById } from '../../../db/queries/offers.ts'
import type { Tx } from '../../../db/store.ts'
import { settleOffer } from '../../core/lifecycle/offer.ts'
import type { Actor } from '../../wire/words.ts'
import type { ServiceContext } from '../context.ts'
import { endOffer } from './end-offer.ts'

const actor: Actor = { type: 'system', id: 'deadline' }

/**
 * Ends an offer whose deadline has passed: the conversation returns at its age, and the agent is put to
 * `not_responding`, which they clear themselves. Does nothing before the deadline or after another outcome.
 */
export async function expireOffer(ctx: ServiceContext, offerId: string): Promise<void> {
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const [seen] = await offerById(tx, { id: offerId })
    if (seen === undefined || !settleOffer(seen, 'expired', now).ok) return
    const [row] = await lockConversation(tx, { id: seen.conversationId, now })
    if (row === undefined) return
    const ended = await endOffer(tx, row, seen, { outcome: 'expired', reason: null, actor, now })
    if (ended) await markNotResponding(tx, seen.agentId, now)
  })
}

async function markNotResponding(tx: Tx, agentId: string, now: number): Promise<void> {
  const [state] = await lockAgentState(tx, { agentId })
  if (state?.state !== 'available') return
  await setAgentStateRow(tx, { agentId, state: 'not_responding', reason: 'missed_offer', now, missed: 1 })
  tx.append({
    type: 'agent.state_changed',
    at: now,
    actorType: actor.type,
    actorId: actor.id,
    conversationId: null,
    subjectId: agentId,
    data: { from: state.state, to: 'not_responding', reason: 'missed_offer' },
  })
}
