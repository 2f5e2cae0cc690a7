import type { DeliveryRow } from '../../db/queries/deliveries.ts'
import type { Delivery } from '../wire/deliveries.ts'

/** A ledger row as lists show it: what failed, not where in our code. */
export function presentDelivery(row: Omit<DeliveryRow, 'raw' | 'encoding' | 'bodyId'>): Delivery {
  return {
    id: row.id,
    inboxId: row.inboxId,
    externalId: row.externalId,
    status: row.status,
    error: row.error?.split('\n')[0]?.slice(0, 500) ?? null,
    attempts: row.attempts,
    repeats: row.repeats,
    receivedAt: row.receivedAt,
    processedAt: row.processedAt,
  }
}
