import type { Cancel } from '../ports/clock.ts'
import type { ServiceContext } from '../services/context.ts'
import { type DueWork, dueWork } from '../services/due/due-work.ts'

const everyMs = 2_000

/** Does everything that is due now; a kind that fails is logged and does not stop the others. */
export async function sweep(ctx: ServiceContext, work: readonly DueWork[] = dueWork): Promise<void> {
  for (const { name, run } of work) {
    try {
      await run(ctx)
    } catch (error) {
      ctx.log.error({ err: error, sweep: name }, 'sweep failed')
    }
  }
}

/** Sweeps now and at an interval until cancelled; `stop` waits for the sweep under way. */
export function startSweeps(ctx: ServiceContext, work: readonly DueWork[] = dueWork): { stop(): Promise<void> } {
  let stopped = false
  let cancel: Cancel = () => {}
  const nextAt = new Map<string, number>()
  const due = () =>
    work.filter(({ name, everyMs: pauseMs }) => {
      const nowMs = ctx.clock.monotonicMs()
      if (pauseMs === undefined) return true
      if ((nextAt.get(name) ?? 0) > nowMs) return false
      nextAt.set(name, nowMs + pauseMs)
      return true
    })
  let running: Promise<void> = sweep(ctx, due())
  const next = () => {
    cancel = ctx.clock.after(everyMs, () => {
      running = sweep(ctx, due()).finally(() => {
        if (!stopped) next()
      })
    })
  }
  next()
  return {
    stop: async () => {
      stopped = true
      cancel()
      await running
    },
  }
}
