import type { LoadedQueueStats } from '../../db/queries/load-queues.ts'
import { channelIds } from '../core/capacity/rules.ts'
import type { QueueStats } from '../wire/queues.ts'

/** What is in a queue at `asOf` (epoch ms), from its kept numbers. */
export function presentQueueStats(row: LoadedQueueStats, asOf: number): QueueStats {
  const waitingByChannel: QueueStats['waitingByChannel'] = {}
  let waiting = 0
  for (const channel of channelIds) {
    const count = row.counters[`waiting:${channel}`] ?? 0
    if (count <= 0) continue
    waitingByChannel[channel] = count
    waiting += count
  }
  return {
    queueId: row.queueId,
    waiting,
    waitingByChannel,
    oldestWaitingSince: row.oldestWaitingSince,
    active: Math.max(0, row.counters.active ?? 0),
    asOf,
  }
}
