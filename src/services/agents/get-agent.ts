import { loadAgents } from '../../../db/queries/load-agents.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { canSeeAgent } from '../../core/access/lists.ts'
import { AppError } from '../../lib/errors.ts'
import { presentAgent } from '../../present/agent.ts'
import type { Agent } from '../../wire/agents.ts'
import type { ServiceContext } from '../context.ts'

/** An agent with state and load; everybody may see themselves. @throws AppError 'not_found' also without `agent.read`. */
export async function getAgent(ctx: ServiceContext, viewer: Viewer, agentId: string): Promise<Agent> {
  const [row] = canSeeAgent(viewer, agentId) ? await loadAgents(ctx.store, [agentId]) : []
  if (row === undefined) throw new AppError('not_found', 'There is no such agent.')
  return presentAgent(row)
}
