import { allQueueIds, loadQueueStats } from '../../db/queries/load-queues.ts'
import type { Store } from '../../db/store.ts'
import { canSeeQueue } from '../core/access/lists.ts'
import type { Log } from '../lib/log.ts'
import type { Cancel, Clock } from '../ports/clock.ts'
import { presentQueueStats } from '../present/queue-stats.ts'
import type { AgentEvents } from '../wire/events.ts'
import type { AgentConnection } from './connection.ts'
import type { Publication } from './publications.ts'

/** Shortest time between two tellings of queue numbers, milliseconds: at most four a second. */
const everyMs = 250

/** Tells queue numbers, several changes at once. */
export interface StatsFeed {
  /** Notes queues whose numbers changed, each with the oldest event that did. */
  mark(queues: ReadonlyMap<string, number>): void
  /** Forgets a deleted queue. */
  drop(queueId: string): void
  /** Everything up to this log number is in what has been told; infinite when nothing waits. */
  readonly toldUpTo: number
  /** Knows the numbers of all queues from here on. */
  ensure(): Promise<void>
  /** What to tell those who have just caught up: all numbers known. */
  current(): Publication[]
  /** Forgets everything: while nobody listens nothing is followed. */
  reset(): void
}

/** What the feed needs of its surroundings. */
export interface StatsFeedDeps {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** Newest log number that has been told. */
  position(): number
  tell(publications: readonly Publication[]): void
}

/** Makes a feed that knows nothing yet. */
export function createStatsFeed({ store, clock, log, position, tell }: StatsFeedDeps): StatsFeed {
  const known = new Map<string, AgentEvents['queue.stats']>()
  const dirty = new Map<string, number>()
  let flushing: ReadonlyMap<string, number> = new Map()
  let complete = false
  let lastMs = Number.NEGATIVE_INFINITY
  let cancel: Cancel | null = null
  let era = 0

  const read = async (ids: Iterable<string>): Promise<AgentEvents['queue.stats'][]> => {
    const seq = position()
    const rows = await loadQueueStats(store, ids)
    const asOf = clock.now()
    return rows.map((row) => ({ seq, stats: presentQueueStats(row, asOf) }))
  }

  const flush = async (): Promise<void> => {
    cancel = null
    lastMs = clock.monotonicMs()
    const own = era
    flushing = new Map(dirty)
    dirty.clear()
    try {
      const bodies = await read(flushing.keys())
      if (own !== era) return
      const told = bodies.filter((body) => flushing.has(body.stats.queueId))
      for (const body of told) known.set(body.stats.queueId, body)
      flushing = new Map()
      tell(told.map(publicationOf))
    } catch (err) {
      log.warn({ err }, 'Queue numbers could not be read.')
      if (own !== era) return
      for (const [id, seq] of flushing) dirty.set(id, seq)
      flushing = new Map()
    }
    if (dirty.size > 0) schedule()
  }

  const schedule = (): void => {
    if (cancel !== null || flushing.size > 0) return
    const delayMs = lastMs + everyMs - clock.monotonicMs()
    if (delayMs <= 0) void flush()
    else cancel = clock.after(delayMs, () => void flush())
  }

  return {
    mark: (queues) => {
      for (const [id, seq] of queues) if (!dirty.has(id)) dirty.set(id, seq)
      if (dirty.size > 0) schedule()
    },
    drop: (queueId) => {
      known.delete(queueId)
      dirty.delete(queueId)
      flushing = new Map([...flushing].filter(([id]) => id !== queueId))
    },
    get toldUpTo() {
      return Math.min(...dirty.values(), ...flushing.values()) - 1
    },
    ensure: async () => {
      if (complete) return
      const own = era
      const bodies = await read((await allQueueIds(store, {})).map((queue) => queue.id))
      if (own !== era) return
      for (const body of bodies) {
        const { queueId } = body.stats
        if ((known.get(queueId)?.seq ?? -1) < body.seq) known.set(queueId, body)
      }
      complete = true
    },
    current: () => [...known.values()].map(publicationOf),
    reset: () => {
      era += 1
      known.clear()
      dirty.clear()
      flushing = new Map()
      complete = false
      cancel?.()
      cancel = null
    },
  }
}

function publicationOf(body: AgentEvents['queue.stats']): Publication {
  const { queueId } = body.stats
  return {
    name: 'queue.stats',
    seq: body.seq,
    isFor: ({ viewer }: Pick<AgentConnection, 'viewer'>) => canSeeQueue(viewer, queueId),
    body: () => body,
  }
}
