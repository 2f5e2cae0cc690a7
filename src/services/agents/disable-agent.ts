import { updateAgentRow } from '../../../db/queries/accounts.ts'
import { putAgentOffline } from '../../../db/queries/agent-rows.ts'
import { apiTokenIdsOfAgent } from '../../../db/queries/api-tokens.ts'
import { deleteLinksOfAgent } from '../../../db/queries/one-time-links.ts'
import { deleteSessionsOfAgent } from '../../../db/queries/sessions.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import type { AgentAccount } from '../../wire/access.ts'
import { appendSessionEnded } from '../access/end-sessions.ts'
import { keepAdministrator } from '../access/guard-roles.ts'
import { forgetViewers } from '../access/load-viewer.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { noteChange } from '../note-change.ts'
import { lockOffered, withdrawOffersOf } from '../offers/end-offer.ts'
import { agentAccount } from './get-agent-account.ts'
import { manageableAgent } from './update-agent.ts'

/**
 * Takes an agent's access away: log-ins and tokens stop at once, open sockets are cut, and what they hold goes the way
 * of everybody who leaves: offers are withdrawn, waiting customers return to their queues. Idempotent.
 * @throws AppError 'not_found'; 'conflict' for oneself and for the last administrator; 'forbidden' for an account with more rights.
 */
export async function disableAgent(ctx: ServiceContext, viewer: Viewer, agentId: string): Promise<AgentAccount> {
  require(viewer, 'agent.manage')
  if (agentId === viewer.agentId) throw new AppError('conflict', 'You cannot disable your own account.', { code: 'own_account' })
  return ctx.store.tx(async (tx) => {
    const agent = await manageableAgent(tx, viewer, agentId)
    if (agent.disabledAt !== null) return agentAccount(tx, agentId)
    const at = ctx.clock.now()
    await lockOffered(tx, agentId, at)
    await keepAdministrator(tx, () => updateAgentRow(tx, agentId, { disabledAt: at, updatedAt: at }))
    await deleteLinksOfAgent(tx, agentId)
    const sessionIds = await deleteSessionsOfAgent(tx, agentId, null)
    const tokenIds = await apiTokenIdsOfAgent(tx, agentId)
    appendSessionEnded(tx, at, { type: 'agent', id: viewer.agentId }, agentId, { reason: 'disabled', sessionIds, tokenIds })
    await putAgentOffline(tx, agentId, at)
    await withdrawOffersOf(tx, agentId, 'agent_disabled', { type: 'agent', id: viewer.agentId }, at)
    noteChange(tx, viewer, { type: 'agent.state_changed', at, subjectId: agentId, data: { state: 'offline' } })
    noteChange(tx, viewer, { type: 'agent.changed', at, subjectId: agentId, data: { what: ['disabled'] } })
    tx.afterCommit(() => forgetViewers(ctx))
    return agentAccount(tx, agentId)
  })
}

/** Gives a disabled agent access again; they log in anew. Idempotent. @throws AppError 'not_found', 'forbidden'. */
export async function enableAgent(ctx: ServiceContext, viewer: Viewer, agentId: string): Promise<AgentAccount> {
  require(viewer, 'agent.manage')
  return ctx.store.tx(async (tx) => {
    const agent = await manageableAgent(tx, viewer, agentId)
    if (agent.disabledAt !== null) {
      const at = ctx.clock.now()
      await updateAgentRow(tx, agentId, { disabledAt: null, updatedAt: at })
      noteChange(tx, viewer, { type: 'agent.changed', at, subjectId: agentId, data: { what: ['enabled'] } })
      tx.afterCommit(() => forgetViewers(ctx))
    }
    return agentAccount(tx, agentId)
  })
}

/** Turns an agent's two-step log-in off, for who has lost their device. @throws AppError 'not_found', 'forbidden'. */
export async function resetTotp(ctx: ServiceContext, viewer: Viewer, agentId: string): Promise<void> {
  require(viewer, 'agent.manage')
  await ctx.store.tx(async (tx) => {
    await manageableAgent(tx, viewer, agentId)
    const at = ctx.clock.now()
    await updateAgentRow(tx, agentId, { totpSecret: null, totpEnabledAt: null, totpLastStep: null, updatedAt: at })
    noteChange(tx, viewer, { type: 'agent.changed', at, subjectId: agentId, data: { what: ['totp_reset'] } })
  })
}
