const minuteMs = 60_000

/** How fast an account sends. */
export interface Pace {
  /** Takes a place for one message; how long to wait where there is none, milliseconds. */
  take(now: number): number
}

/** At most `perMinute` messages in any minute, counted over the minute before each. */
export function createPace(perMinute: number): Pace {
  const sentAt: number[] = []
  return {
    take: (now) => {
      while (sentAt[0] !== undefined && (sentAt[0] <= now - minuteMs || sentAt[0] > now)) sentAt.shift()
      const [oldest] = sentAt
      if (oldest !== undefined && sentAt.length >= perMinute) return oldest + minuteMs - now
      sentAt.push(now)
      return 0
    },
  }
}
