import { dropLease, takeLease } from '../../../db/queries/leases.ts'
import type { Decision } from '../../core/routing/decision.ts'
import { newId } from '../../lib/ids.ts'
import type { Cancel } from '../../ports/clock.ts'
import type { LogSource, ServiceContext } from '../context.ts'
import { createOffer } from '../offers/create-offer.ts'
import { RoutingMirror } from './mirror.ts'

const leaseName = 'router'
const leaseMs = 10_000
const renewMs = 3_000
/** Decisions carried out at once; they share the store's commits. */
const parallel = 64

/** The routing runner of this node. */
export interface Router {
  /** Whether this node decides at present. */
  readonly leading: boolean
  stop(): Promise<void>
}

/**
 * Offers what waits to those who can take it. One node leads by a lease in the database; the others stand by.
 * It wakes with each commit that can matter and when time alone changes something, decides by the pure engine,
 * and carries decisions out by conditional writes, so that one who leads no longer does no harm.
 */
export async function startRouter(ctx: ServiceContext, source: LogSource): Promise<Router> {
  const holder = newId()
  let token: number | null = null
  let mirror = new RoutingMirror(ctx.store)
  let unsubscribe: Cancel = () => {}
  let stopped = false
  let wanted = false
  let running: Promise<void> | null = null
  let cancelWake: Cancel = () => {}
  let cancelRenew: Cancel = () => {}

  const decide = async () => {
    while (wanted && token !== null && !stopped) {
      wanted = false
      const { decisions, nextWakeAt } = await mirror.decide(ctx.clock.now())
      await carryOut(decisions, token)
      cancelWake()
      if (nextWakeAt !== null) cancelWake = ctx.clock.after(Math.max(1, nextWakeAt - ctx.clock.now()), wake)
    }
  }
  const wake = () => {
    wanted = true
    if (running !== null || stopped || token === null) return
    running = decide()
      .catch((error: unknown) => {
        ctx.log.error({ err: error }, 'routing failed; trying again')
        // What was decided counts as carried out in the picture; what became of it is not known.
        mirror = new RoutingMirror(ctx.store)
        if (!stopped) cancelWake = ctx.clock.after(1_000, wake)
      })
      .finally(() => {
        running = null
        if (wanted && !stopped) setImmediate(wake)
      })
  }
  const carryOut = async (decisions: readonly Decision[], leaseToken: number) => {
    for (let i = 0; i < decisions.length; i += parallel) {
      await Promise.all(decisions.slice(i, i + parallel).map((decision) => carryOutOne(decision, leaseToken)))
    }
  }
  const carryOutOne = async (decision: Decision, leaseToken: number) => {
    const outcome = await createOffer(ctx, decision, { name: leaseName, token: leaseToken })
    // Whoever took the lead sees to it; asking again would be refused again until the next renewal.
    if (outcome === 'deposed') return standBy(leaseToken)
    if (outcome === 'offered') return
    mirror.distrust(decision.itemId, decision.agentId)
    wanted = true
  }
  const standBy = (leaseToken: number) => {
    if (token !== leaseToken) return
    unsubscribe()
    token = null
  }
  const lead = () => {
    mirror = new RoutingMirror(ctx.store)
    unsubscribe = source.subscribe(({ events }) => {
      if (mirror.note(events)) wake()
    })
    wake()
  }
  const renew = async () => {
    const now = ctx.clock.now()
    const taken = await ctx.store.tx((tx) => takeLease(tx, { name: leaseName, holder, now, expiresAt: now + leaseMs }))
    if (taken === token) return
    unsubscribe()
    token = taken
    if (token !== null) lead()
  }
  const keepRenewing = () => {
    cancelRenew = ctx.clock.after(renewMs, () => {
      void renew()
        .catch((error: unknown) => {
          ctx.log.warn({ err: error }, 'router lease not renewed')
        })
        .finally(() => {
          if (!stopped) keepRenewing()
        })
    })
  }
  await renew()
  keepRenewing()
  return {
    get leading() {
      return token !== null
    },
    stop: async () => {
      stopped = true
      cancelRenew()
      cancelWake()
      unsubscribe()
      await running
      if (token !== null) await ctx.store.tx((tx) => dropLease(tx, leaseName, holder))
    },
  }
}
