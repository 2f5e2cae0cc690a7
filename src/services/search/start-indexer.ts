import { dropLease, takeLease } from '../../../db/queries/leases.ts'
import { newId } from '../../lib/ids.ts'
import type { Cancel } from '../../ports/clock.ts'
import type { LogSource, ServiceContext } from '../context.ts'
import { indexNext, isBehind } from './index-next.ts'

const leaseName = 'search'
const leaseMs = 15_000
/** How long news wait, so that a burst is taken together. */
const settleMs = 400
/** How often it is looked whether another node has left the work. */
const lookMs = 5_000
/** Rest after each step, in the time the step took: taking messages in must not wait for the index. */
const restFactor = 3
const minRestMs = 15

/** The indexer of this node. */
export interface SearchIndexer {
  stop(): Promise<void>
}

/**
 * Keeps the search index behind the event log, outside of every other transaction. One node works by a lease in the database;
 * the others look now and then whether it is free. After a restart it goes on where it stopped.
 */
export function startSearchIndexer(ctx: ServiceContext, source: LogSource): SearchIndexer {
  const holder = newId()
  let stopped = false
  let running: Promise<void> | null = null
  let again = false
  let cancelNext: Cancel = () => {}
  let due: number | null = null

  const work = async (): Promise<void> => {
    do {
      again = false
      if (!(await isBehind(ctx.store))) return
      const now = ctx.clock.now()
      const token = await ctx.store.tx((tx) => takeLease(tx, { name: leaseName, holder, now, expiresAt: now + leaseMs }))
      if (token === null) return
      for (let until = now + leaseMs / 3; ctx.clock.now() < until; ) {
        const startedMs = ctx.clock.monotonicMs()
        const more = await indexNext(ctx.store)
        if (!more || stopped) break
        await rest(Math.max(minRestMs, (ctx.clock.monotonicMs() - startedMs) * restFactor))
        again = true
      }
    } while (again && !stopped)
  }
  let endRest: Cancel = () => {}
  const rest = (ms: number) =>
    new Promise<void>((resolve) => {
      const cancel = ctx.clock.after(ms, resolve)
      endRest = () => {
        cancel()
        resolve()
      }
    })
  const run = () => {
    due = null
    if (stopped || running !== null) {
      again = true
      return
    }
    running = work()
      .catch((error: unknown) => ctx.log.warn({ err: error }, 'the search index could not be brought up to date; trying again'))
      .finally(() => {
        running = null
        schedule(lookMs)
      })
  }
  const schedule = (ms: number) => {
    const at = ctx.clock.monotonicMs() + ms
    if (stopped || (due !== null && due <= at)) return
    cancelNext()
    due = at
    cancelNext = ctx.clock.after(ms, run)
  }
  const unsubscribe = source.subscribe(({ events }) => {
    if (events.length > 0) schedule(settleMs)
  })
  schedule(settleMs)
  return {
    stop: async () => {
      stopped = true
      unsubscribe()
      cancelNext()
      endRest()
      await running
      await ctx.store
        .tx((tx) => dropLease(tx, leaseName, holder))
        .catch((error: unknown) => ctx.log.debug({ err: error }, 'search lease not given up'))
    },
  }
}
