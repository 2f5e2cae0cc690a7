import { allQueueIds, loadQueueStats, loadQueues } from '../../../db/queries/load-queues.ts'
import type { Store, Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { presentQueue } from '../../present/queue.ts'
import { presentQueueStats } from '../../present/queue-stats.ts'
import type { Queue, QueueStats } from '../../wire/queues.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'

/** All queues in the order of their making. */
export async function listQueues(ctx: ServiceContext, viewer: Viewer): Promise<Queue[]> {
  require(viewer, 'queue.read')
  const ids = await allQueueIds(ctx.store, {})
  const rows = await loadQueues(
    ctx.store,
    ids.map(({ id }) => id),
  )
  return rows.map(presentQueue).toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/** One queue. @throws AppError 'not_found'. */
export async function getQueue(ctx: ServiceContext, viewer: Viewer, id: string): Promise<Queue> {
  require(viewer, 'queue.read')
  return queueOf(ctx.store, id)
}

/** What is in a queue now. @throws AppError 'not_found'. */
export async function getQueueStats(ctx: ServiceContext, viewer: Viewer, id: string): Promise<QueueStats> {
  await getQueue(ctx, viewer, id)
  const [row] = await loadQueueStats(ctx.store, [id])
  if (row === undefined) throw new AppError('not_found', 'There is no such queue.')
  return presentQueueStats(row, ctx.clock.now())
}

/** One queue for a caller that has asked for leave. @throws AppError 'not_found'. */
export async function queueOf(on: Store | Tx, id: string): Promise<Queue> {
  const [row] = await loadQueues(on, [id])
  if (row === undefined) throw new AppError('not_found', 'There is no such queue.')
  return presentQueue(row)
}
