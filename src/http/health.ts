import type { RequestHandler } from 'express'
import { AppError } from '../lib/errors.ts'
import type { ServiceContext } from '../services/context.ts'
import { newestEvent } from '../services/health/read-health.ts'

/** Events the sockets of this node may lag behind before it should get no new ones. */
const maxLag = 5_000
/** Longest time one check may take, milliseconds. */
const checkMs = 2_000

/** What one check found. */
export interface Check {
  readonly ok: boolean
  /** Why not, or a figure worth knowing. */
  readonly detail?: string | number
}

/** The checks of `/readyz` by name. */
export type Readiness = Readonly<Record<string, () => Promise<Check>>>

/** What the checks learn from the hub. */
export interface ReadinessSources {
  /** How many migrations the database lacks. */
  readonly pendingMigrations: () => Promise<number>
  /** Newest event number this node's sockets have been dealt; null where it has no sockets. */
  readonly tailedSeq: () => number | null
}

/** Database, migrations, job queue and event-log lag. */
export function readinessOf(ctx: ServiceContext, { pendingMigrations, tailedSeq }: ReadinessSources): Readiness {
  let migrated = false
  return {
    database: async () => {
      await ctx.store.ping()
      return { ok: true }
    },
    migrations: async () => {
      const pending = migrated ? 0 : await pendingMigrations()
      migrated = pending === 0
      return migrated ? { ok: true } : { ok: false, detail: `${pending} migrations are not applied.` }
    },
    queue: async () => {
      await ctx.jobs.counts()
      return { ok: true }
    },
    eventLog: async () => {
      const tailed = tailedSeq()
      const lag = tailed === null ? 0 : Math.max(0, (await newestEvent(ctx)) - tailed)
      return { ok: lag <= maxLag, detail: lag }
    },
  }
}

/** Alive: the process answers. It asks nobody else, so that a slow database does not get the hub killed. */
export const answerHealth: RequestHandler = (_req, res) => {
  res.setHeader('Cache-Control', 'no-store')
  res.json({ status: 'ok' })
}

/** Ready for traffic: 200, or 503 with what is wrong. */
export function answerReadiness(ctx: ServiceContext, readiness: Readiness): RequestHandler {
  return async (_req, res) => {
    const entries = await Promise.all(
      Object.entries(readiness).map(async ([name, check]) => [name, await outcome(ctx, name, check)] as const),
    )
    const ok = entries.every(([, check]) => check.ok)
    res.setHeader('Cache-Control', 'no-store')
    res.status(ok ? 200 : 503).json({ status: ok ? 'ready' : 'not_ready', checks: Object.fromEntries(entries) })
  }
}

async function outcome(ctx: ServiceContext, name: string, check: () => Promise<Check>): Promise<Check> {
  let cancel: () => void = () => undefined
  const late = new Promise<Check>((resolve) => {
    cancel = ctx.clock.after(checkMs, () => resolve({ ok: false, detail: 'No answer in time.' }))
  })
  try {
    return await Promise.race([check(), late])
  } catch (error) {
    ctx.log.warn({ err: error, check: name }, 'A readiness check failed.')
    return { ok: false, detail: error instanceof AppError && error.kind !== 'bug' ? error.message : 'The check failed.' }
  } finally {
    cancel()
  }
}
