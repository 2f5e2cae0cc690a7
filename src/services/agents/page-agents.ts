import { z } from 'zod'
import { agentIdsAfter } from '../../../db/queries/agent-rows.ts'
import { loadAgents } from '../../../db/queries/load-agents.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { readCursor, writeCursor } from '../../lib/cursor.ts'
import { presentAgent } from '../../present/agent.ts'
import type { Agent } from '../../wire/agents.ts'
import type { Page, PageQuery } from '../../wire/http.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'

/** A page of agents in the order of their making, disabled ones included. */
export async function pageAgents(ctx: ServiceContext, viewer: Viewer, { cursor, limit }: PageQuery): Promise<Page<Agent>> {
  require(viewer, 'agent.read')
  const after = cursor === undefined ? '' : readCursor(z.tuple([z.string()]), cursor)[0]
  const ids = await agentIdsAfter(ctx.store, after, limit + 1)
  const last = ids[limit - 1]
  const rows = await loadAgents(ctx.store, ids.slice(0, limit))
  const items = rows.map(presentAgent).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  return { items, nextCursor: ids.length > limit && last !== undefined ? writeCursor([last]) : null }
}
