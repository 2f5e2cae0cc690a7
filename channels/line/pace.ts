/** Calls of an account in a second, by the first kind whose path fits. Source: Messaging API reference, "Rate limits". */
const limits: readonly { readonly path: RegExp; readonly perSecond: number }[] = [
  { path: /^\/v2\/bot\/chat\/loading\/start$/, perSecond: 100 },
  { path: /^\/v2\/bot\//, perSecond: 2_000 },
]

/** Pauses after "too many requests" without a time of its own: the first, and the longest. */
const firstPauseMs = 1_000
const longestPauseMs = 60_000

/** Keeps an account within what its platform allows. */
export interface Pace {
  /** Takes the right to call; otherwise how long to wait first, milliseconds. */
  take(path: string, now: number): number
  /** Tells how a call was answered: after a refusal for haste the whole account pauses, each time longer. */
  answered(tooMany: boolean, now: number, retryAfterMs: number | undefined): void
}

/** Makes the pace of one account; each node of the hub keeps its own. */
export function createPace(): Pace {
  const windows = limits.map(() => ({ startedAt: 0, taken: 0 }))
  let pausedUntil = 0
  let refusals = 0
  return {
    take: (path, now) => {
      if (pausedUntil > now) return pausedUntil - now
      const at = limits.findIndex((limit) => limit.path.test(path))
      const window = windows[at]
      if (window === undefined) return 0
      if (now - window.startedAt >= 1_000 || now < window.startedAt) Object.assign(window, { startedAt: now, taken: 0 })
      if (window.taken >= (limits[at]?.perSecond ?? 0)) return window.startedAt + 1_000 - now
      window.taken += 1
      return 0
    },
    answered: (tooMany, now, retryAfterMs) => {
      if (!tooMany) {
        refusals = 0
        return
      }
      refusals += 1
      pausedUntil = Math.max(pausedUntil, now + (retryAfterMs ?? Math.min(longestPauseMs, firstPauseMs * 2 ** (refusals - 1))))
    },
  }
}
