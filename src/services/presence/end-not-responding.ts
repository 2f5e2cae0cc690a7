import { lockAgentState, longNotResponding, setAgentStateRow, setIdleSince } from '../../../db/queries/agent-states.ts'
import type { ServiceContext } from '../context.ts'
import { routingSettings } from '../routing/settings.ts'

/** Agents of one sweep at most; what is left over is found by the next. */
const sweepLimit = 200

/**
 * Lets agents who missed an offer count as available again, where the centre has set a time for it and they are still
 * there. Without such a time only they themselves end it. Safe to run on several nodes at once.
 */
export async function endNotResponding(ctx: ServiceContext): Promise<void> {
  const { notRespondingMs } = await routingSettings(ctx.store)
  if (notRespondingMs === null) return
  for (const agentId of await longNotResponding(ctx.store, ctx.clock.now() - notRespondingMs, sweepLimit)) {
    await ctx.store.tx(async (tx) => {
      const now = ctx.clock.now()
      const [state] = await lockAgentState(tx, { agentId })
      const isThere = (state?.leaseUntil ?? 0) > now
      if (state?.state !== 'not_responding' || state.since > now - notRespondingMs || !isThere) return
      await setAgentStateRow(tx, { agentId, state: 'available', reason: null, now, missed: 0 })
      await setIdleSince(tx, { agentId, now })
      tx.append({
        type: 'agent.state_changed',
        at: now,
        actorType: 'system',
        actorId: 'not_responding',
        conversationId: null,
        subjectId: agentId,
        data: { from: state.state, to: 'available', state: 'available', reason: null },
      })
    })
  }
}
