import { eq } from 'drizzle-orm'
import type { Decision } from '../../src/core/routing/decision.ts'
import type { ServiceContext } from '../../src/services/context.ts'
import { createOffer } from '../../src/services/offers/create-offer.ts'

/** Offers a waiting conversation to an agent, as the router does; returns the offer's id. */
export async function offerTo(ctx: ServiceContext, agentId: string, conversationId: string): Promise<string> {
  const { store, clock } = ctx
  const { conversations: c, offers, leases } = store.t
  const [row] = await store.db.select({ queueId: c.queueId }).from(c).where(eq(c.id, conversationId))
  if (row === undefined) throw new Error('no such conversation')
  await store.tx((tx) =>
    tx.db.insert(leases).values({ name: 'test', holder: 'test', token: 1, expiresAt: Number.MAX_SAFE_INTEGER }).onConflictDoNothing(),
  )
  const why = {
    ring: 0,
    selection: 'longest_idle',
    order: { priority: 5, since: clock.now(), personal: false },
    candidates: 1,
    chosen: null,
    excluded: [],
  }
  const decision: Decision = {
    kind: 'offer',
    itemId: conversationId,
    queueId: row.queueId,
    agentId,
    channel: 'webchat',
    expiresAt: clock.now() + 30_000,
    why,
  }
  if ((await createOffer(ctx, decision, { name: 'test', token: 1 })) !== 'offered') throw new Error('the offer was not made')
  const made = await store.db.select({ id: offers.id, status: offers.status }).from(offers).where(eq(offers.conversationId, conversationId))
  const live = made.find((offer) => offer.status === 'pending')
  if (live === undefined) throw new Error('no pending offer')
  return live.id
}
