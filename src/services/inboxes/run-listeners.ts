import { and, eq, inArray } from 'drizzle-orm'
import { dropLease, takeLease } from '../../../db/queries/leases.ts'
import { newId } from '../../lib/ids.ts'
import type { Cancel } from '../../ports/clock.ts'
import type { LogSource, ServiceContext } from '../context.ts'
import { createEar } from './ear.ts'

/** How long a node keeps an inbox without renewing, and how often it renews; milliseconds. */
const leaseMs = 30_000
const renewMs = 10_000

/** The listeners of this node. */
export interface Listeners {
  /** Inboxes this node listens to at present. */
  readonly inboxIds: readonly string[]
  stop(): Promise<void>
}

interface Running {
  readonly stop: AbortController
  readonly ended: Promise<void>
}

/**
 * Listens to every enabled inbox whose channel has a long-lived connection. Of several nodes one has an inbox, by a lease in
 * the database; should two overlap, the ledger keeps mail from doubling. A change of settings begins anew.
 */
export async function startListeners(ctx: ServiceContext, source: LogSource): Promise<Listeners> {
  const holder = newId()
  const running = new Map<string, Running>()
  let stopped = false
  let turn: Promise<void> = Promise.resolve()
  let cancel: Cancel = () => undefined

  const begin = async (inboxId: string) => {
    const inbox = await ctx.inboxes.get(inboxId)
    const { listen } = inbox.session
    if (listen === undefined) return
    const stop = new AbortController()
    const ended = listen(createEar(ctx, inbox, stop.signal))
      .catch((error: unknown) => ctx.log.error({ err: error, inboxId }, 'a listener ended'))
      .finally(() => {
        if (running.get(inboxId)?.stop === stop) running.delete(inboxId)
      })
    running.set(inboxId, { stop, ended })
  }
  const end = async (inboxId: string) => {
    const one = running.get(inboxId)
    running.delete(inboxId)
    one?.stop.abort()
    await one?.ended
  }
  const look = async () => {
    const wanted = stopped ? [] : await listeningInboxes(ctx)
    for (const inboxId of running.keys()) if (!wanted.includes(inboxId)) await release(inboxId)
    for (const inboxId of wanted) {
      const now = ctx.clock.now()
      const token = await ctx.store.tx((tx) => takeLease(tx, { name: leaseName(inboxId), holder, now, expiresAt: now + leaseMs }))
      if (token === null) await end(inboxId)
      else if (!running.has(inboxId)) await begin(inboxId)
    }
  }
  const release = async (inboxId: string) => {
    await end(inboxId)
    await ctx.store.tx((tx) => dropLease(tx, leaseName(inboxId), holder))
  }
  const inTurn = (work: () => Promise<void>) => {
    turn = turn.then(work).catch((error: unknown) => ctx.log.warn({ err: error }, 'listeners not looked after'))
    return turn
  }
  const keepLooking = () => {
    cancel = ctx.clock.after(renewMs, () => void inTurn(look).then(() => (stopped ? undefined : keepLooking())))
  }
  const unsubscribe = source.subscribe(({ events }) => {
    const changed = events.flatMap(({ type, subjectId, data }) =>
      type === 'inbox.changed' && subjectId !== null && data.what !== 'health' && data.what !== 'quota' ? [subjectId] : [],
    )
    if (changed.length === 0 || stopped) return
    void inTurn(async () => {
      for (const inboxId of changed) await end(inboxId)
      await look()
    })
  })
  await inTurn(look)
  keepLooking()
  return {
    get inboxIds() {
      return [...running.keys()]
    },
    stop: async () => {
      stopped = true
      cancel()
      unsubscribe()
      await inTurn(async () => {
        await Promise.all([...running.keys()].map(release))
      })
    },
  }
}

function leaseName(inboxId: string): string {
  return `listen:${inboxId}`
}

/** Only channels that can listen at all are asked; an inbox's own settings decide when it is opened. */
async function listeningInboxes({ store, inboxes }: ServiceContext): Promise<string[]> {
  const { inboxes: t } = store.t
  const able = inboxes.channels.filter(({ listens }) => listens === true).map(({ id }) => id)
  if (able.length === 0) return []
  const rows = await store.db
    .select({ id: t.id })
    .from(t)
    .where(and(eq(t.enabled, true), inArray(t.channel, able)))
  return rows.map(({ id }) => id)
}
