/** How an offer's time stands. */
export interface Countdown {
  /** Whole seconds left, rounded up; 0 when over. */
  readonly seconds: number
  /** Share of the time left, 0–1. */
  readonly share: number
}

/** Time left of an offer by the server's deadline and the server's clock. */
export function countdownOf(offer: { readonly createdAt: number; readonly expiresAt: number }, serverNow: number): Countdown {
  const leftMs = Math.max(0, offer.expiresAt - serverNow)
  const wholeMs = Math.max(1, offer.expiresAt - offer.createdAt)
  return { seconds: Math.ceil(leftMs / 1_000), share: Math.min(1, leftMs / wholeMs) }
}

/** Seconds before the end at which the time left is told once more to those who cannot see the ring. */
export const lastCallSeconds = 5
