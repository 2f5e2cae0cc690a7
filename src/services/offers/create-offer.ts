import { autoAcceptOf, setLastOfferAt } from '../../../db/queries/agent-states.ts'
import { lockConversation } from '../../../db/queries/conversations.ts'
import { holdsLease } from '../../../db/queries/leases.ts'
import { insertOffer } from '../../../db/queries/offers.ts'
import type { Decision } from '../../core/routing/decision.ts'
import { newId } from '../../lib/ids.ts'
import type { Actor } from '../../wire/words.ts'
import type { ServiceContext } from '../context.ts'
import { moveConversation } from '../conversations/move-conversation.ts'
import { agentHasRoom } from '../routing/agent-room.ts'
import { takeOffered } from './accept-offer.ts'

const router: Actor = { type: 'system', id: 'router' }

/** The router's right to decide, as its lease was when it did. */
export interface RouterLease {
  readonly name: string
  readonly token: number
}

/** What became of a decision. `outdated`: something is not as the router saw it. `deposed`: the router leads no more. */
export type DecisionOutcome = 'offered' | 'outdated' | 'deposed'

/**
 * Carries out a routing decision, if it is still right: the conversation waits in that queue, the agent is
 * there and has room, and the router that decided still leads. Otherwise nothing is written. Where the agent accepts the
 * channel by itself, it is in their hands with the same commit.
 */
export async function createOffer(ctx: ServiceContext, decision: Decision, lease: RouterLease): Promise<DecisionOutcome> {
  return ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    if (!(await holdsLease(tx, lease.name, lease.token))) return 'deposed'
    const [row] = await lockConversation(tx, { id: decision.itemId, now })
    if (row === undefined || row.status !== 'queued' || row.queueId !== decision.queueId) return 'outdated'
    if (!(await agentHasRoom(tx, decision.agentId, row.channel, now))) return 'outdated'
    const id = newId()
    const { agentId, queueId, expiresAt, why } = decision
    await insertOffer(tx, {
      id,
      conversationId: row.id,
      agentId,
      queueId,
      status: 'pending',
      createdAt: now,
      expiresAt,
      endedAt: null,
      reason: null,
      why,
    })
    const offered = await moveConversation(tx, row, { event: { type: 'offered' }, actor: router, now, agentId })
    await setLastOfferAt(tx, { agentId, now })
    tx.append({
      type: 'offer.created',
      at: now,
      actorType: 'system',
      actorId: router.id,
      conversationId: row.id,
      subjectId: id,
      data: { agentId, queueId, expiresAt },
    })
    const [agent] = await autoAcceptOf(tx, { id: agentId })
    if (agent?.autoAccept.includes(row.channel) === true) {
      await takeOffered(tx, offered, { id, agentId }, { type: 'system', id: 'auto_accept' }, now)
      return 'offered'
    }
    tx.afterCommit(
      () => void ctx.jobs.add('offer.expire', { offerId: id }, { key: id, delayMs: Math.max(0, expiresAt - now) }).catch(() => undefined),
    )
    return 'offered'
  })
}
