/** A rule: so many points in a window that starts with a key's first use. */
export interface LimitRule {
  /** Name of what is limited, `[a-z0-9-]+`; part of the stored key. */
  readonly name: string
  /** Points in one window, ≥ 1. */
  readonly points: number
  /** Length of the window in whole seconds, ≥ 1 (the resolution that Redis expiry keeps). */
  readonly windowSeconds: number
}

/** The answer to one use. */
export interface LimitVerdict {
  readonly allowed: boolean
  /** Points left in the window, ≥ 0. */
  readonly remaining: number
  /** Milliseconds until the window ends; what to wait when not allowed. */
  readonly retryAfterMs: number
}

/** Counts uses of one rule by key. */
export interface Limiter {
  /**
   * Takes `points` (1 when left out) from the key's window. Never throws: where the shared counter
   * cannot be reached this node counts alone.
   */
  consume(key: string, points?: number): Promise<LimitVerdict>
  /** Forgets the key, for instance after a successful log-in. */
  reset(key: string): Promise<void>
}

/** Makes limiters; two made from rules of one name share their counts on every node that shares the counter. */
export interface Limiters {
  limiter(rule: LimitRule): Limiter
}
