import type { ServiceContext } from '../context.ts'
import type { Visitor } from './chat-inbox.ts'
import { appendVisitorEnded, changeVisitor } from './visitor-record.ts'

/**
 * Ends every token of a visitor: whoever uses the browser next is another visitor. A user's thread stays; their site opens it
 * again by naming them. Idempotent.
 */
export async function logOutVisitor(ctx: ServiceContext, { visitorId, inbox }: Visitor): Promise<void> {
  const now = ctx.clock.now()
  await ctx.store.tx(async (tx) => {
    await changeVisitor(tx, { visitorId, inboxId: inbox.id }, { validFrom: now + 1 }, now)
    appendVisitorEnded(tx, visitorId, 'logged_out', now)
  })
}
