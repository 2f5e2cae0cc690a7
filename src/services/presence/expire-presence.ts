import { lockConversation } from '../../../db/queries/conversations.ts'
import { agentName } from '../../../db/queries/names.ts'
import { abandonedConversations, lapsedLeases, takeLapsedLease } from '../../../db/queries/presence.ts'
import type { Actor } from '../../wire/words.ts'
import type { ServiceContext } from '../context.ts'
import { appendLine } from '../conversations/append-message.ts'
import { moveConversation } from '../conversations/move-conversation.ts'
import { lockOffered, withdrawOffersOf } from '../offers/end-offer.ts'
import { absenceGraceMs } from './lease.ts'

const actor: Actor = { type: 'system', id: 'presence' }
/** Agents and conversations of one sweep at most; what is left over is found by the next. */
const sweepLimit = 200

/** What a sweep did. */
export interface PresenceSweep {
  readonly lapsed: number
  readonly returned: number
}

/**
 * Ends leases that have run out: their agents get no more offers and lose pending ones. Conversations whose
 * customers wait for an agent absent beyond the grace go back to their queues with their age. Safe to run on
 * several nodes at once, and as often as one likes.
 */
export async function expirePresence(ctx: ServiceContext): Promise<PresenceSweep> {
  const lapsed = await endLapsed(ctx)
  return { lapsed, returned: await returnAbandoned(ctx) }
}

async function endLapsed(ctx: ServiceContext): Promise<number> {
  let ended = 0
  for (const { agentId } of await lapsedLeases(ctx.store, { now: ctx.clock.now(), limit: sweepLimit })) {
    if (await endLease(ctx, agentId)) ended += 1
  }
  return ended
}

async function endLease(ctx: ServiceContext, agentId: string): Promise<boolean> {
  return ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    await lockOffered(tx, agentId, now)
    const taken = await takeLapsedLease(tx, { agentId, now })
    if (taken.length === 0) return false
    await withdrawOffersOf(tx, agentId, 'agent_absent', actor, now)
    tx.append({
      type: 'agent.presence_changed',
      at: now,
      actorType: actor.type,
      actorId: actor.id,
      conversationId: null,
      subjectId: agentId,
      data: { connected: false },
    })
    return true
  })
}

async function returnAbandoned(ctx: ServiceContext): Promise<number> {
  const absentBefore = ctx.clock.now() - absenceGraceMs
  let returned = 0
  for (const { id, agentId } of await abandonedConversations(ctx.store, { absentBefore, limit: sweepLimit })) {
    if (await returnToQueue(ctx, id, agentId)) returned += 1
  }
  return returned
}

async function returnToQueue(ctx: ServiceContext, conversationId: string, agentId: string): Promise<boolean> {
  return ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const [row] = await lockConversation(tx, { id: conversationId, now })
    if (row === undefined || row.assigneeId !== agentId || row.status !== 'active' || row.awaiting !== 'agent') return false
    await moveConversation(tx, row, { event: { type: 'returned_to_queue' }, actor, now, agentId })
    const [agent] = await agentName(tx, { id: agentId })
    await appendLine(tx, row, actor, now, 'conversation.returned', { agent: agent?.name ?? '' })
    return true
  })
}
