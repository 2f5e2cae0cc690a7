/** A steady hour: one line, one kind of work, agents who take one at a time. */
export interface SteadyLoad {
  /** Contacts per hour, > 0. */
  readonly perHour: number
  /** Mean handling time, milliseconds, > 0. */
  readonly handleMs: number
  /** Whole agents, ≥ 1. */
  readonly agents: number
}

/** What a formula expects; times are milliseconds, shares 0–1. */
export interface ErlangEstimate {
  /** Share that waits at all. */
  readonly waitShare: number
  /** Mean wait over all; infinite where the line only grows. */
  readonly meanWaitMs: number
  readonly occupancy: number
}

/** Offered load in Erlang: contacts in hand at once, if nobody had to wait. */
export function offeredLoad({ perHour, handleMs }: Pick<SteadyLoad, 'perHour' | 'handleMs'>): number {
  return (perHour * handleMs) / 3_600_000
}

/** Erlang C: nobody gives up. Source: A. K. Erlang 1917; the blocking share by the usual recursion, stable for any size. */
export function erlangC(load: SteadyLoad): ErlangEstimate {
  const a = offeredLoad(load)
  const { agents } = load
  if (a >= agents) return { waitShare: 1, meanWaitMs: Number.POSITIVE_INFINITY, occupancy: 1 }
  let blocked = 1
  for (let k = 1; k <= agents; k++) blocked = (a * blocked) / (k + a * blocked)
  const waitShare = blocked / (1 - (a / agents) * (1 - blocked))
  return { waitShare, meanWaitMs: (waitShare * load.handleMs) / (agents - a), occupancy: a / agents }
}

/** Of those who wait by Erlang C: the share of all who are answered within a time. */
export function erlangCServiceLevel(load: SteadyLoad, withinMs: number): number {
  const a = offeredLoad(load)
  if (a >= load.agents) return 0
  return 1 - erlangC(load).waitShare * Math.exp((-(load.agents - a) * withinMs) / load.handleMs)
}

/** Erlang A (Palm): whoever waits gives up after a time of mean `patienceMs` that remembers nothing. Always steady. */
export function erlangA(load: SteadyLoad, patienceMs: number): ErlangEstimate & { readonly abandonShare: number } {
  const arrivals = load.perHour / 3_600_000
  const { agents, handleMs } = load
  // Weights of "k in the system", scaled as they grow so that none overflows.
  let weight = 1
  let total = 1
  let busySum = 0
  let waitWeight = agents === 0 ? 1 : 0
  let lineSum = 0
  for (let k = 1; ; k++) {
    const leaving = Math.min(k, agents) / handleMs + Math.max(0, k - agents) / patienceMs
    weight *= arrivals / leaving
    total += weight
    busySum += weight * Math.min(k, agents)
    if (k >= agents) waitWeight += weight
    if (k > agents) lineSum += weight * (k - agents)
    if (total > 1e200) {
      weight /= 1e200
      total /= 1e200
      busySum /= 1e200
      waitWeight /= 1e200
      lineSum /= 1e200
    }
    if (k > agents && weight < total * 1e-12) break
  }
  const lineMean = lineSum / total
  return {
    waitShare: waitWeight / total,
    meanWaitMs: lineMean / arrivals,
    occupancy: busySum / total / agents,
    abandonShare: lineMean / patienceMs / arrivals,
  }
}
