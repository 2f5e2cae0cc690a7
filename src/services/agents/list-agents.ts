import { allAgentIds, loadAgents } from '../../../db/queries/load-agents.ts'
import { holds, type Viewer } from '../../core/access/authorize.ts'
import { presentAgent } from '../../present/agent.ts'
import type { Agent } from '../../wire/agents.ts'
import type { ServiceContext } from '../context.ts'

/** All agents in the order of their making, disabled ones included; without `agent.read` only the viewer. */
export async function listAgents(ctx: ServiceContext, viewer: Viewer): Promise<Agent[]> {
  const { store } = ctx
  const ids = holds(viewer, 'agent.read') ? (await allAgentIds(store, {})).map((row) => row.id) : [viewer.agentId]
  const rows = await loadAgents(store, ids)
  return rows.map(presentAgent).sort((a, b) => (a.id < b.id ? -1 : 1))
}
