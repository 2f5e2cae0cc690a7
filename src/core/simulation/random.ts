/** A stream of chance that a seed fixes: the same seed, the same stream, on every machine. */
export interface Random {
  /** Evenly spread over 0 (inclusive) to 1 (exclusive). */
  next(): number
}

/** A stream from a whole-number seed. (The generator "mulberry32": 32 bits of state, a period of 2³².) */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return {
    next: () => {
      state = (state + 0x6d2b79f5) >>> 0
      let t = Math.imul(state ^ (state >>> 15), state | 1)
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
      return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
    },
  }
}

/** A time with the given mean that remembers nothing (exponential distribution); the unit is the mean's. */
export function exponential(random: Random, mean: number): number {
  return -Math.log(1 - random.next()) * mean
}

/** A time whose logarithm is normally distributed, as handling times are. @param cv standard deviation over mean, > 0. */
export function logNormal(random: Random, mean: number, cv: number): number {
  const variance = Math.log(1 + cv * cv)
  return Math.exp(Math.log(mean) - variance / 2 + Math.sqrt(variance) * normal(random))
}

/** Standard normal, by Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}

/** One of the list by weight; undefined for an empty list. */
export function weighted<T extends { readonly weight: number }>(random: Random, list: readonly T[]): T | undefined {
  let left = random.next() * list.reduce((sum, { weight }) => sum + weight, 0)
  return list.find(({ weight }) => (left -= weight) < 0) ?? list.at(-1)
}
