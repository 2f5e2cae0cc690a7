import { and, desc, eq, lt, notInArray } from 'drizzle-orm'
import type { DeliveryStatus } from '../../src/wire/words.ts'
import type { Store } from '../store.ts'
import type { DeliveryRow } from './deliveries.ts'

/** A ledger row without its payload. */
export type DeliveryHead = Omit<DeliveryRow, 'raw' | 'encoding' | 'bodyId'>

/** Deliveries of a status, newest first, before one; without those of `hiddenInboxIds`. */
export async function deliveriesByStatus(
  store: Store,
  status: DeliveryStatus,
  beforeId: string | null,
  hiddenInboxIds: readonly string[],
  limit: number,
): Promise<DeliveryHead[]> {
  const { deliveries: d } = store.t
  return store.db
    .select({
      id: d.id,
      inboxId: d.inboxId,
      externalId: d.externalId,
      status: d.status,
      error: d.error,
      attempts: d.attempts,
      repeats: d.repeats,
      receivedAt: d.receivedAt,
      processedAt: d.processedAt,
    })
    .from(d)
    .where(
      and(
        eq(d.status, status),
        beforeId === null ? undefined : lt(d.id, beforeId),
        hiddenInboxIds.length === 0 ? undefined : notInArray(d.inboxId, [...hiddenInboxIds]),
      ),
    )
    .orderBy(desc(d.id))
    .limit(limit)
}
