import { counter } from '../../../db/queries/counters.ts'
import { newestSeq } from '../../../db/queries/log.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import type { SupervisorSnapshot } from '../../wire/snapshot.ts'
import { require } from '../access/require.ts'
import { listAgents } from '../agents/list-agents.ts'
import type { ServiceContext } from '../context.ts'
import { queuesFor, statsFor } from './get-snapshot.ts'

/** The floor at one moment, from kept numbers. @throws AppError 'forbidden' without `supervisor.view`. */
export async function getSupervisorSnapshot(ctx: ServiceContext, viewer: Viewer): Promise<SupervisorSnapshot> {
  require(viewer, 'supervisor.view')
  const seq = await newestSeq(ctx.store)
  return {
    seq,
    asOf: ctx.clock.now(),
    agents: await listAgents(ctx, viewer),
    queues: await queuesFor(ctx, viewer),
    stats: await statsFor(ctx, viewer),
    totals: {
      open: Math.max(0, await counter(ctx.store, 'all', 'open')),
      waiting: Math.max(0, await counter(ctx.store, 'all', 'waiting')),
    },
  }
}
