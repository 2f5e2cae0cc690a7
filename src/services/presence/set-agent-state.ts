import { agentName } from '../../../db/queries/names.ts'
import { chooseState } from '../../../db/queries/presence.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import type { StateInput } from '../../wire/agents.ts'
import type { Actor } from '../../wire/words.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { lockOffered, withdrawOffersOf } from '../offers/end-offer.ts'

/**
 * Puts an agent into a state they chose, or a supervisor chose for them. Available: missed offers are forgotten,
 * and they are idle from now on. Any other state: their pending offers go to others. The same state again
 * changes nothing.
 * @throws AppError 'forbidden' for another's state without `agent.set_state`; 'not_found' for no such agent;
 *   'conflict' with code `disabled` for an account that may not log in.
 */
export async function setAgentState(ctx: ServiceContext, viewer: Viewer, agentId: string, { state, reason }: StateInput): Promise<void> {
  require(viewer, 'agent.set_state', { kind: 'agent', agentId })
  const actor: Actor = { type: 'agent', id: viewer.agentId }
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const [agent] = await agentName(tx, { id: agentId })
    if (agent === undefined) throw new AppError('not_found', 'There is no such agent.')
    if (agent.disabledAt !== null) throw new AppError('conflict', 'This account is disabled; it has no state.', { code: 'disabled' })
    const said = reason === undefined || reason === '' ? null : reason
    if (state !== 'available') await lockOffered(tx, agentId, now)
    const changed = await chooseState(tx, { agentId, state, reason: said, now })
    if (changed.length === 0) return
    if (state !== 'available') await withdrawOffersOf(tx, agentId, 'agent_unavailable', actor, now)
    tx.append({
      type: 'agent.state_changed',
      at: now,
      actorType: actor.type,
      actorId: actor.id,
      conversationId: null,
      subjectId: agentId,
      data: { state, reason: said, by: viewer.agentId },
    })
  })
}
