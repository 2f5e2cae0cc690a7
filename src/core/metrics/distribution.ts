/** How a set of times is spread, in the unit of its members; null where there are none. */
export interface Distribution {
  readonly count: number
  readonly mean: number | null
  readonly p50: number | null
  readonly p90: number | null
  readonly p95: number | null
  readonly max: number | null
}

/** The spread of numbers in any order; percentiles are by nearest rank, so that each is one of the numbers. */
export function distributionOf(values: readonly number[]): Distribution {
  const sorted = values.toSorted((a, b) => a - b)
  const rank = (share: number): number | null => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
  const mean = sorted.length === 0 ? null : sorted.reduce((sum, value) => sum + value, 0) / sorted.length
  return { count: sorted.length, mean, p50: rank(0.5), p90: rank(0.9), p95: rank(0.95), max: sorted.at(-1) ?? null }
}

/** A share, null where there is nothing to have a share in. */
export function shareOf(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null
}
