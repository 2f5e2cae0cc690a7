import { dueBreaches, dueFiles, dueSnoozes, dueWrapUps, idleConversations } from '../../../db/queries/due.ts'
import { dueOffers } from '../../../db/queries/offers.ts'
import { dueConversations } from '../../../db/queries/outbox.ts'
import { sweepAccess } from '../access/sweep-access.ts'
import type { ServiceContext } from '../context.ts'
import { breachSla } from '../conversations/breach-sla.ts'
import { endWrapUp } from '../conversations/end-wrap-up.ts'
import { parkConversation } from '../conversations/park-conversation.ts'
import { wakeConversation } from '../conversations/wake-conversation.ts'
import { expireOffer } from '../offers/expire-offer.ts'
import { recoverLapsed } from '../outbox/recover-lapsed.ts'
import { expirePresence } from '../presence/expire-presence.ts'

const batch = 200

/** One kind of due work, found by its column. */
export interface DueWork {
  readonly name: string
  /** Looked for at most so often, milliseconds; with every sweep when left out. */
  readonly everyMs?: number
  run(ctx: ServiceContext): Promise<void>
}

const each = async (ids: readonly string[], act: (id: string) => Promise<void>) => {
  for (const id of ids) await act(id)
}

/** All work that becomes due by time alone. The job queue only makes it prompt; this makes it certain. */
export const dueWork: readonly DueWork[] = [
  {
    name: 'offers',
    run: async (ctx) =>
      each(
        (await dueOffers(ctx.store, ctx.clock.now(), batch)).map((o) => o.id),
        (id) => expireOffer(ctx, id),
      ),
  },
  { name: 'presence', run: async (ctx) => void (await expirePresence(ctx)) },
  { name: 'snoozes', run: async (ctx) => each(await dueSnoozes(ctx.store, ctx.clock.now(), batch), (id) => wakeConversation(ctx, id)) },
  { name: 'wrap-ups', run: async (ctx) => each(await dueWrapUps(ctx.store, ctx.clock.now(), batch), (id) => endWrapUp(ctx, id)) },
  { name: 'sla', run: async (ctx) => each(await dueBreaches(ctx.store, ctx.clock.now(), batch), (id) => breachSla(ctx, id)) },
  { name: 'parking', run: sweepParking },
  { name: 'log-ins and keys', everyMs: 60_000, run: sweepAccess },
  { name: 'lapsed sends', run: async (ctx) => void (await recoverLapsed(ctx, batch)) },
  {
    name: 'sends',
    run: async (ctx) =>
      each(await dueConversations(ctx.store, ctx.clock.now(), batch), (conversationId) =>
        ctx.jobs.add('outbox.send', { conversationId }, { key: conversationId }),
      ),
  },
  {
    name: 'files',
    run: async (ctx) =>
      each(await dueFiles(ctx.store, ctx.clock.now(), batch), (fileId) => ctx.jobs.add('file.fetch', { fileId }, { key: fileId })),
  },
]

async function sweepParking(ctx: ServiceContext): Promise<void> {
  for (const { id: channel, capabilities } of ctx.inboxes.channels) {
    if (capabilities.parkAfterMs === null) continue
    const before = ctx.clock.now() - capabilities.parkAfterMs
    await each(await idleConversations(ctx.store, channel, before, batch), (id) => parkConversation(ctx, id))
  }
}
