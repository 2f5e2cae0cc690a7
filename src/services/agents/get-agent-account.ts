import { agentRowById } from '../../../db/queries/accounts.ts'
import { loadAgents } from '../../../db/queries/load-agents.ts'
import type { Store, Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { presentAgent } from '../../present/agent.ts'
import type { AgentAccount } from '../../wire/access.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'

/** An agent with what administrators set. @throws AppError 'not_found'; 'forbidden' without `agent.manage`. */
export async function getAgentAccount(ctx: ServiceContext, viewer: Viewer, agentId: string): Promise<AgentAccount> {
  require(viewer, 'agent.manage')
  return agentAccount(ctx.store, agentId)
}

/** The same for a caller that has asked for leave. */
export async function agentAccount(on: Store | Tx, agentId: string): Promise<AgentAccount> {
  const [account] = await agentRowById(on, { id: agentId })
  const [loaded] = await loadAgents(on, [agentId])
  if (account === undefined || loaded === undefined) throw new AppError('not_found', 'There is no such agent.')
  return {
    ...presentAgent(loaded),
    capacity: account.capacity,
    totpEnabled: account.totpEnabledAt !== null,
    hasPassword: account.passwordHash !== null,
    createdAt: account.createdAt,
  }
}
