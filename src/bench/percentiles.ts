/** The usual points of a distribution, in the unit of its samples. */
export interface Spread {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/**
 * The value that `share` of the samples do not exceed: the nearest rank, so it is a sample itself.
 * @param sorted ascending. @param share 0 < share ≤ 1. @returns NaN without samples.
 */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  const rank = Math.max(1, Math.ceil(share * sorted.length - 1e-9))
  return sorted[rank - 1] ?? Number.NaN
}

/** The spread of samples in any order. */
export function spreadOf(samples: ArrayLike<number>): Spread {
  const sorted = Float64Array.from(samples).sort()
  return { count: sorted.length, p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), max: sorted.at(-1) ?? Number.NaN }
}
