/** How the pauses between attempts grow. */
export interface BackOff {
  /** Pause after the first failure, milliseconds. */
  readonly firstMs: number
  /** Factor from one pause to the next, ≥ 1. */
  readonly factor: number
  /** The longest pause, milliseconds. */
  readonly maxMs: number
  /** Share of the pause that chance decides, 0–1: 0.5 spreads over the upper half. */
  readonly jitter: number
}

/** Pauses for calls to providers: about 1 s, 2 s, 4 s … up to 5 minutes, each spread over its upper half. */
export const providerBackOff: BackOff = { firstMs: 1_000, factor: 2, maxMs: 300_000, jitter: 0.5 }

/**
 * The pause before the next attempt. Pure: the chance is given.
 * @param failures attempts that failed so far, ≥ 1.
 * @param chance 0 ≤ chance < 1, fresh for each call, so that many waiters do not return at once.
 * @param atLeastMs what the other side asked for (`Retry-After`); it wins over a shorter pause, even above `maxMs`.
 * @returns whole milliseconds.
 */
export function retryDelayMs(backOff: BackOff, failures: number, chance: number, atLeastMs = 0): number {
  const fullMs = Math.min(backOff.maxMs, backOff.firstMs * backOff.factor ** (Math.max(1, failures) - 1))
  const spreadMs = fullMs * (1 - backOff.jitter + backOff.jitter * chance)
  return Math.ceil(Math.max(atLeastMs, spreadMs))
}

/**
 * Reads an HTTP `Retry-After` header (RFC 9110 §10.2.3): seconds or a date.
 * @param now epoch milliseconds, for the date form.
 * @returns milliseconds ≥ 0, or 0 when the header is missing or unreadable.
 */
export function retryAfterMs(header: string | null | undefined, now: number): number {
  const value = header?.trim()
  if (!value) return 0
  if (/^\d+$/.test(value)) return Number(value) * 1_000
  const at = Date.parse(value)
  return Number.isNaN(at) ? 0 : Math.max(0, at - now)
}
