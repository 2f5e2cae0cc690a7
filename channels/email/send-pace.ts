const windowMs = 60_000

/** Counts sends of the last minute. */
export interface Pace {
  /** Takes a place, or tells how long to wait for one, milliseconds; 0 when taken. */
  take(): number
}

/** Lets through so many sends in any minute: providers close accounts that write faster than people do. */
export function createPace(perMinute: number, now: () => number): Pace {
  const taken: number[] = []
  return {
    take: () => {
      const at = now()
      while (taken[0] !== undefined && taken[0] <= at - windowMs) taken.shift()
      const oldest = taken[0]
      if (oldest !== undefined && taken.length >= perMinute) return oldest + windowMs - at
      taken.push(at)
      return 0
    },
  }
}
