import { extendLease, readLease, startLease } from '../../../db/queries/presence.ts'
import type { ServiceContext } from '../context.ts'
import { leaseMs, renewBelowMs } from './lease.ts'

/**
 * Renews an agent's presence lease: offers come only while it holds. Writes only when the lease is new or
 * nearly half over, and tells the log only when it is new: whoever was absent, if only for a moment, is back, and keeps
 * what has not been taken from them.
 * @returns until when it holds, epoch ms.
 */
export async function renewPresence(ctx: ServiceContext, agentId: string): Promise<{ leaseUntil: number }> {
  const now = ctx.clock.now()
  const [held] = await readLease(ctx.store, { agentId })
  if (held?.leaseUntil != null && held.leaseUntil > now + renewBelowMs && held.absentSince === null) return { leaseUntil: held.leaseUntil }
  const until = now + leaseMs
  await ctx.store.tx(async (tx) => {
    const extended = await extendLease(tx, { agentId, now, until })
    if (extended.length > 0) return
    await startLease(tx, { agentId, now, until })
    tx.append({
      type: 'agent.presence_changed',
      at: now,
      actorType: 'agent',
      actorId: agentId,
      conversationId: null,
      subjectId: agentId,
      data: { connected: true },
    })
  })
  return { leaseUntil: until }
}
