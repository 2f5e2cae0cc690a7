import type { OfferStatus } from '../../wire/words.ts'

/** How an offer may end. */
export type OfferEnding = Exclude<OfferStatus, 'pending'>

/** The ending, or a sentence for the one who came too late or too early. */
export type OfferSettlement = { readonly ok: true; readonly next: OfferEnding } | { readonly ok: false; readonly sentence: string }

const ended: Readonly<Record<OfferEnding, string>> = {
  accepted: 'The offer was accepted already.',
  declined: 'The offer was declined already.',
  expired: 'The offer has expired.',
  withdrawn: 'The offer was withdrawn.',
}

/**
 * Ends an offer once: `pending → accepted | declined | expired | withdrawn`. An answer counts
 * before the deadline only, expiry from the deadline on, both by the server's clock.
 * @param now epoch milliseconds.
 */
export function settleOffer(
  offer: { readonly status: OfferStatus; readonly expiresAt: number },
  ending: OfferEnding,
  now: number,
): OfferSettlement {
  if (offer.status !== 'pending') return { ok: false, sentence: ended[offer.status] }
  if (ending === 'expired' && now < offer.expiresAt) return { ok: false, sentence: 'The offer has not reached its deadline.' }
  if ((ending === 'accepted' || ending === 'declined') && now >= offer.expiresAt) return { ok: false, sentence: ended.expired }
  return { ok: true, next: ending }
}
