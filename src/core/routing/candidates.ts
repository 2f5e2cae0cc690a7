import { type Bits, countWord, emptyBits, lowestPlace, meets, setBit } from './bits.ts'
import { addExclusion, type Exclusion } from './exclusion.ts'
import type { Waiting } from './line.ts'
import type { RoutingState } from './state.ts'

/** Who may take an item at its turn, and the sets that explain the rest. */
export interface Candidates {
  /** Matching and available; of a bound item only the one it is bound to. */
  readonly pool: Bits
  /** Those of the pool who may take it now; how many. */
  readonly eligible: Bits
  readonly count: number
  /** Those who hold a live offer of it. */
  readonly asked: Bits
  /** Those who declined it lately, unless nobody else remains. */
  readonly avoided: Bits
}

/**
 * Works out who may take an item after what the run has given out so far. `asked`: who holds a
 * live offer of it. The result is good until the next call: its sets are used again.
 */
export function candidatesFor(state: RoutingState, waiting: Waiting, asked: Bits): Candidates {
  const { agents, scratch } = state
  const base = waiting.boundTo === undefined ? waiting.match.fitting : onlyAgent(waiting.boundTo, agents.agents.length)
  const open = state.seats.open[waiting.item.channel]
  const avoided = avoidedOf(state, waiting)
  let count = 0
  for (let word = 0; word < agents.words; word++) {
    const pool = (base[word] ?? 0) & (agents.available[word] ?? 0)
    const eligible = pool & (open[word] ?? 0) & ~(asked[word] ?? 0) & ~(avoided[word] ?? 0)
    scratch.pool[word] = pool
    scratch.eligible[word] = eligible
    if (eligible !== 0) count += countWord(eligible)
  }
  return { pool: scratch.pool, eligible: scratch.eligible, count, asked, avoided }
}

/** Agents by id as a set; ids that are not in the snapshot are left out. */
export function agentSet({ agents, nobody }: RoutingState, agentIds: readonly string[]): Bits {
  if (agentIds.length === 0) return nobody
  const bits = emptyBits(agents.agents.length)
  for (const agentId of agentIds) {
    const place = agents.placeOf.get(agentId)
    if (place !== undefined) setBit(bits, place, true)
  }
  return bits
}

/** The agent with the least in the way among those who could take it with empty hands and are kept for nothing else. */
export function nearestToFree(
  { agents, seats }: RoutingState,
  { item }: Waiting,
  { pool, asked, avoided }: Candidates,
): number | undefined {
  const serves = seats.serves[item.channel]
  let nearest: number | undefined
  let least = Number.POSITIVE_INFINITY
  for (let word = 0; word < agents.words; word++) {
    const kept = (asked[word] ?? 0) | (avoided[word] ?? 0) | (seats.reserved[word] ?? 0)
    for (let rest = (pool[word] ?? 0) & (serves[word] ?? 0) & ~kept; rest !== 0; rest &= rest - 1) {
      const place = lowestPlace(word, rest)
      const weight = seats.inTheWay(place, item.channel)
      if (weight >= least) continue
      nearest = place
      least = weight
    }
  }
  return nearest
}

/** Counts everybody who may not take it, each once, by the first reason that holds. */
export function exclusionsOf(state: RoutingState, waiting: Waiting, candidates: Candidates): Exclusion[] {
  const { agents, seats } = state
  const { pool, eligible, asked, avoided } = candidates
  const onCall = seats.onCall[waiting.item.channel]
  const full = seats.full[waiting.item.channel]
  const outside = outsideThePool(state, waiting)
  const rest = (word: number): number => (pool[word] ?? 0) & ~(eligible[word] ?? 0)
  const judged = (word: number): number => rest(word) & ~(asked[word] ?? 0) & ~(avoided[word] ?? 0)
  const list = outside.excluded
  addExclusion(list, agents, 'capacity', (word) => judged(word) & (full[word] ?? 0))
  addExclusion(list, agents, 'blocked_by_call', (word) => judged(word) & (onCall[word] ?? 0))
  addExclusion(list, agents, 'avoid', (word) => rest(word) & (avoided[word] ?? 0) & ~(asked[word] ?? 0))
  addExclusion(
    list,
    agents,
    'reserved',
    (word) =>
      (outside.reserved[word] ?? 0) | (rest(word) & (asked[word] ?? 0)) | (judged(word) & ~(full[word] ?? 0) & ~(onCall[word] ?? 0)),
  )
  return list
}

/** Of a bound item, everybody else is out because it is reserved; of a shared one, each has a reason of their own. */
function outsideThePool(
  { agents, nobody }: RoutingState,
  { match, boundTo }: Waiting,
): { readonly excluded: Exclusion[]; readonly reserved: Bits } {
  if (boundTo === undefined) return { excluded: [...match.excluded()], reserved: nobody }
  const only = onlyAgent(boundTo, agents.agents.length)
  const excluded: Exclusion[] = []
  addExclusion(excluded, agents, 'not_available', (word) => (only[word] ?? 0) & ~(agents.available[word] ?? 0))
  const reserved = agents.everyone.slice()
  setBit(reserved, boundTo, false)
  return { excluded, reserved }
}

function onlyAgent(place: number, size: number): Bits {
  const only = emptyBits(size)
  setBit(only, place, true)
  return only
}

/** Somebody else remains when a matching colleague who is not avoided works now or is about to. */
function avoidedOf(state: RoutingState, { item, match }: Waiting): Bits {
  const inForce = item.avoid.filter(({ until }) => until > state.now)
  if (inForce.length === 0) return state.nobody
  const others = match.fitting.slice()
  for (const { agentId } of inForce) {
    const place = state.agents.placeOf.get(agentId)
    if (place !== undefined) setBit(others, place, false)
  }
  const remains = meets(others, state.agents.working)
  return remains
    ? agentSet(
        state,
        inForce.map(({ agentId }) => agentId),
      )
    : state.nobody
}
