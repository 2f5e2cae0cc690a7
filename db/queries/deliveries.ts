import { and, eq, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import { bind } from './bind.ts'

export type DeliveryRow = Tables['deliveries']['$inferSelect']

/** Stores a payload; no row comes back when the inbox has it already. */
export const insertDelivery = statement<DeliveryRow & Record<string, unknown>, { id: string }>('insert_delivery', ({ db, t }) =>
  db
    .insert(t.deliveries)
    .values({
      id: sql.placeholder('id'),
      inboxId: sql.placeholder('inboxId'),
      externalId: sql.placeholder('externalId'),
      status: sql.placeholder('status'),
      raw: sql.placeholder('raw'),
      encoding: sql.placeholder('encoding'),
      bodyId: sql.placeholder('bodyId'),
      error: sql.placeholder('error'),
      attempts: sql.placeholder('attempts'),
      repeats: sql.placeholder('repeats'),
      receivedAt: sql.placeholder('receivedAt'),
      processedAt: sql.placeholder('processedAt'),
    })
    .onConflictDoNothing({ target: [t.deliveries.inboxId, t.deliveries.externalId] })
    .returning({ id: t.deliveries.id }),
)

/** Counts a repeat of a stored payload and tells what became of it. */
export const noteRepeat = statement<{ inboxId: string; externalId: string }, Pick<DeliveryRow, 'id' | 'status'>>(
  'note_repeat',
  ({ db, t }) =>
    db
      .update(t.deliveries)
      .set({ repeats: sql`${t.deliveries.repeats} + 1` })
      .where(and(eq(t.deliveries.inboxId, sql.placeholder('inboxId')), eq(t.deliveries.externalId, sql.placeholder('externalId'))))
      .returning({ id: t.deliveries.id, status: t.deliveries.status }),
)

/** Writes how processing ended. */
export const settleDeliveryRow = statement<
  { id: string; status: DeliveryRow['status']; error: string | null; processedAt: number | null },
  { id: string }
>('settle_delivery', ({ db, t }) =>
  db
    .update(t.deliveries)
    .set({
      status: bind(t.deliveries.status, 'status'),
      error: bind(t.deliveries.error, 'error'),
      processedAt: bind(t.deliveries.processedAt, 'processedAt'),
      attempts: sql`${t.deliveries.attempts} + 1`,
    })
    .where(eq(t.deliveries.id, sql.placeholder('id')))
    .returning({ id: t.deliveries.id }),
)

/** One payload, whole. */
export const deliveryById = statement<{ id: string }, DeliveryRow>('delivery_by_id', ({ db, t }) =>
  db
    .select()
    .from(t.deliveries)
    .where(eq(t.deliveries.id, sql.placeholder('id')))
    .limit(1),
)
