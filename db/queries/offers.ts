import { and, eq, lte, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Store, Tx } from '../store.ts'
import { bind } from './bind.ts'

export type OfferRow = Tables['offers']['$inferSelect']

/** Adds an offer. A second live one of the same conversation breaks `offers_live_uq`. */
export const insertOffer = statement<OfferRow & Record<string, unknown>, never>('insert_offer', ({ db, t }) =>
  db.insert(t.offers).values({
    id: sql.placeholder('id'),
    conversationId: sql.placeholder('conversationId'),
    agentId: sql.placeholder('agentId'),
    queueId: sql.placeholder('queueId'),
    status: sql.placeholder('status'),
    createdAt: sql.placeholder('createdAt'),
    expiresAt: sql.placeholder('expiresAt'),
    endedAt: sql.placeholder('endedAt'),
    reason: sql.placeholder('reason'),
    why: sql.placeholder('why'),
  }),
)

export const offerById = statement<{ id: string }, OfferRow>('offer_by_id', ({ db, t }) =>
  db
    .select()
    .from(t.offers)
    .where(eq(t.offers.id, sql.placeholder('id')))
    .limit(1),
)

/** Ends a pending offer; a row comes back for the one who was first. */
export const endPendingOffer = statement<{ id: string; status: OfferRow['status']; reason: string | null; now: number }, OfferRow>(
  'end_pending_offer',
  ({ db, t }) =>
    db
      .update(t.offers)
      .set({ status: bind(t.offers.status, 'status'), reason: bind(t.offers.reason, 'reason'), endedAt: bind(t.offers.endedAt, 'now') })
      .where(and(eq(t.offers.id, sql.placeholder('id')), sql`${t.offers.status} = 'pending'`))
      .returning(),
)

/** Withdraws every pending offer of a conversation and tells which they were. */
export async function withdrawLiveOffers(tx: Tx, conversationId: string, reason: string, now: number): Promise<OfferRow[]> {
  return tx.db
    .update(tx.t.offers)
    .set({ status: 'withdrawn', reason, endedAt: now })
    .where(and(eq(tx.t.offers.conversationId, conversationId), eq(tx.t.offers.status, 'pending')))
    .returning()
}

/** Pending offers whose deadline has passed, oldest first. */
export async function dueOffers(on: Store, now: number, limit: number): Promise<string[]> {
  const rows = await on.db
    .select({ id: on.t.offers.id })
    .from(on.t.offers)
    .where(and(eq(on.t.offers.status, 'pending'), lte(on.t.offers.expiresAt, now)))
    .orderBy(on.t.offers.expiresAt)
    .limit(limit)
  return rows.map((row) => row.id)
}

/** An agent's pending offers. */
export async function pendingOffersOf(on: Store | Tx, agentId: string): Promise<OfferRow[]> {
  const { db, t } = on as Store
  return db
    .select()
    .from(t.offers)
    .where(and(eq(t.offers.agentId, agentId), eq(t.offers.status, 'pending')))
}
