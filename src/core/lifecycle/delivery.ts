import type { DeliveryStatus } from '../../wire/words.ts'

/** How processing a ledger row may end. */
export type DeliveryEnding = Exclude<DeliveryStatus, 'received'>

/** The next status of a ledger row, or why it stays. */
export type DeliveryTransition = { readonly ok: true; readonly next: DeliveryEnding } | { readonly ok: false; readonly sentence: string }

const endings: Readonly<Record<DeliveryStatus, readonly DeliveryEnding[]>> = {
  received: ['processed', 'duplicate', 'quarantined'],
  quarantined: ['processed', 'quarantined'],
  processed: [],
  duplicate: [],
}

/** Moves a ledger row: `received → processed | duplicate | quarantined`; a replay turns `quarantined` into `processed`, or leaves it there. */
export function settleDelivery(status: DeliveryStatus, ending: DeliveryEnding): DeliveryTransition {
  return endings[status].includes(ending)
    ? { ok: true, next: ending }
    : { ok: false, sentence: `The payload is ${status}; it cannot become ${ending}.` }
}
