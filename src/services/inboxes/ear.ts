import type { Ear } from '../../../channels/contract.ts'
import { listenerCursor, putListenerCursor } from '../../../db/queries/listener-cursors.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'
import { acceptPayloads } from '../deliveries/accept-delivery.ts'
import { setInboxHealth } from './note-account-news.ts'

/** What a listener of this inbox may do. */
export function createEar(ctx: ServiceContext, inbox: OpenInbox, signal: AbortSignal): Ear {
  return {
    signal,
    cursor: (name) => listenerCursor(ctx.store, inbox.id, name),
    deliver: async (payloads) => {
      await acceptPayloads(ctx, inbox, payloads)
    },
    moveCursor: ({ name, value }) =>
      ctx.store.tx(async (tx) => {
        await putListenerCursor(tx, { inboxId: inbox.id, name, value, now: ctx.clock.now() })
      }),
    report: async (state, detail) => {
      try {
        await ctx.store.tx((tx) => setInboxHealth(tx, inbox.id, state, detail, ctx.clock.now()))
      } catch (error) {
        ctx.log.warn({ err: error, inboxId: inbox.id }, 'inbox health not written')
      }
    },
  }
}
