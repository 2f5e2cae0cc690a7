/** Ends what it was returned by; calling it again does nothing. */
export type Cancel = () => void

/** The only source of time. Everything that needs an instant, a duration or a timer is given one. */
export interface Clock {
  /** Wall-clock instant, epoch milliseconds (UTC). May jump when the machine's clock is set. */
  now(): number
  /** Milliseconds since an arbitrary start; never goes back, so it measures durations. */
  monotonicMs(): number
  /**
   * Calls `fn` once, not before `delayMs` have passed, and never inside this call.
   * @param delayMs ≥ 0 and of any length; below 0 counts as 0.
   * @param fn must not throw: a timer has no caller to tell.
   */
  after(delayMs: number, fn: () => void): Cancel
}
