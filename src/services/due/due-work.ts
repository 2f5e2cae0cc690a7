import { dueCalendars } from '../../../db/queries/calendars.ts'
import { dueFiles, dueSnoozes, dueWrapUps, idleConversations } from '../../../db/queries/due.ts'
import { dueOffers } from '../../../db/queries/offers.ts'
import { dueConversations, lapsedItems } from '../../../db/queries/outbox.ts'
import { dueClocks } from '../../../db/queries/sla-clocks.ts'
import { dueWaitingSteps } from '../../../db/queries/waiting.ts'
import type { Store } from '../../../db/store.ts'
import { sweepAccess } from '../access/sweep-access.ts'
import { turnCalendar } from '../calendars/turn-calendar.ts'
import type { ServiceContext } from '../context.ts'
import { endWrapUp } from '../conversations/end-wrap-up.ts'
import { parkConversation } from '../conversations/park-conversation.ts'
import { wakeConversation } from '../conversations/wake-conversation.ts'
import { dueUnsentFiles, removeUnsentFile } from '../files/remove-unsent-file.ts'
import { expireOffer } from '../offers/expire-offer.ts'
import { recoverLapsed } from '../outbox/recover-lapsed.ts'
import { endNotResponding } from '../presence/end-not-responding.ts'
import { expirePresence } from '../presence/expire-presence.ts'
import { dueQuotas } from '../quota/read-quota.ts'

const batch = 200

import { takeWaitingStep } from '../queues/take-waiting-step.ts'
import { tellDueClocks } from '../sla/tell-due-clocks.ts'

/** One kind of due work, found by its column. */
export interface DueWork {
  readonly name: string
  /** Looked for at most so often, milliseconds; with every sweep when left out. */
  readonly everyMs?: number
  run(ctx: ServiceContext): Promise<void>
}

/** How often a kind is looked for again in one sweep while whole batches of it were due. */
const maxRounds = 25

/**
 * Does one kind of due work, batch after batch. An act that fails is logged and tried again by the next sweep; it stands
 * in the way of nothing else.
 */
async function each(
  ctx: ServiceContext,
  name: string,
  find: () => Promise<readonly string[]>,
  act: (id: string) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < maxRounds; round++) {
    const ids = await find()
    let failures = 0
    for (const id of ids) {
      try {
        await act(id)
      } catch (error) {
        failures += 1
        ctx.log.error({ err: error, sweep: name, id }, 'due work failed')
      }
    }
    if (ids.length < batch || failures > 0) return
  }
}

/** Hands one batch of due work to the job queue, which knows what waits in it already. */
async function enqueue(ctx: ServiceContext, job: string, ids: readonly string[], payloadOf: (id: string) => object): Promise<void> {
  for (const id of ids) await ctx.jobs.add(job, payloadOf(id), { key: id })
}

/** A kind that is found by a query and done one by one. */
function kind(
  name: string,
  find: (store: Store, now: number, limit: number) => Promise<readonly string[]>,
  act: (ctx: ServiceContext, id: string) => Promise<void>,
): DueWork {
  return {
    name,
    run: (ctx) =>
      each(
        ctx,
        name,
        () => find(ctx.store, ctx.clock.now(), batch),
        (id) => act(ctx, id),
      ),
  }
}

/** All work that becomes due by time alone. The job queue only makes it prompt; this makes it certain. */
export const dueWork: readonly DueWork[] = [
  kind('offers', dueOffers, expireOffer),
  { name: 'presence', run: async (ctx) => void (await expirePresence(ctx)) },
  { name: 'not responding', everyMs: 10_000, run: endNotResponding },
  kind('snoozes', dueSnoozes, wakeConversation),
  kind('wrap-ups', dueWrapUps, endWrapUp),
  kind('sla', dueClocks, tellDueClocks),
  kind('waiting steps', dueWaitingSteps, takeWaitingStep),
  kind('calendars', dueCalendars, turnCalendar),
  { name: 'parking', run: sweepParking },
  { name: 'log-ins and keys', everyMs: 60_000, run: sweepAccess },
  kind('lapsed sends', lapsedItems, recoverLapsed),
  {
    name: 'sends',
    run: async (ctx) =>
      enqueue(ctx, 'outbox.send', await dueConversations(ctx.store, ctx.clock.now(), batch), (conversationId) => ({ conversationId })),
  },
  {
    name: 'files',
    run: async (ctx) => enqueue(ctx, 'file.fetch', await dueFiles(ctx.store, ctx.clock.now(), batch), (fileId) => ({ fileId })),
  },
  {
    name: 'quotas',
    everyMs: 300_000,
    run: async (ctx) => enqueue(ctx, 'inbox.quota', await dueQuotas(ctx), (inboxId) => ({ inboxId })),
  },
  { ...kind('unsent files', dueUnsentFiles, removeUnsentFile), everyMs: 600_000 },
]

async function sweepParking(ctx: ServiceContext): Promise<void> {
  for (const { id: channel, capabilities } of ctx.inboxes.channels) {
    const { parkAfterMs } = capabilities
    if (parkAfterMs === null) continue
    const find = () => idleConversations(ctx.store, channel, ctx.clock.now() - parkAfterMs, batch)
    await each(ctx, 'parking', find, (id) => parkConversation(ctx, id))
  }
}
