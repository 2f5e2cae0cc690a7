import type { AgentIndex } from './agent-index.ts'
import { type Bits, hasBit, keepBits, meets } from './bits.ts'
import { addExclusion, type Exclusion } from './exclusion.ts'
import type { IndexedQueue } from './queue-index.ts'
import { ringReached, stillRequired } from './relaxation.ts'
import type { WorkItem } from './snapshot.ts'

/** Who comes into question for all items that ask for the same in the same queue, ring and wait. */
export class Match {
  /** A small number of its own while it is in use. */
  readonly index: number
  readonly key: string
  /** Items that have it. */
  users = 0
  /** The ring reached by waiting, or the first one after it that somebody logged in matches. */
  ring: number
  /** Members of the ring who have the skills still required. */
  fitting: Bits
  readonly #agents: AgentIndex
  readonly #queue: IndexedQueue
  readonly #stage: number
  readonly #reached: number
  readonly #asks: Pick<WorkItem, 'required' | 'language'>
  readonly #byRing: (Bits | undefined)[] = []
  #excluded: { readonly version: number; readonly ring: number; readonly list: readonly Exclusion[] } | undefined

  constructor(index: number, key: string, agents: AgentIndex, queue: IndexedQueue, stage: number, reached: number, asks: WorkItem) {
    this.index = index
    this.key = key
    this.#agents = agents
    this.#queue = queue
    this.#stage = stage
    this.#reached = reached
    this.#asks = { required: asks.required, language: asks.language }
    this.ring = reached
    this.fitting = this.#fittingIn(reached)
    this.resolve()
  }

  /** Finds the ring anew after somebody has logged in or out; true when it is another. */
  resolve(): boolean {
    let ring = this.#reached
    while (ring < this.#queue.steps.length && !meets(this.#fittingIn(ring), this.#agents.loggedIn)) ring += 1
    if (ring === this.ring) return false
    this.ring = ring
    this.fitting = this.#fittingIn(ring)
    return true
  }

  /** Whether an agent's log-in or log-out can move it to another ring. */
  mayHangOn(place: number): boolean {
    for (let ring = this.#reached; ring < this.#queue.steps.length; ring++) if (hasBit(this.#fittingIn(ring), place)) return true
    return false
  }

  /** Why others are out, whatever they hold; those who fit and are available are not among them. */
  excluded(): readonly Exclusion[] {
    const { version } = this.#agents
    if (this.#excluded?.version !== version || this.#excluded.ring !== this.ring) {
      const members = this.#queue.members(this.#stage, this.ring)
      this.#excluded = { version, ring: this.ring, list: excludedFrom(this.#agents, members, this.fitting) }
    }
    return this.#excluded.list
  }

  #fittingIn(ring: number): Bits {
    let fitting = this.#byRing[ring]
    if (fitting === undefined) {
      const required = stillRequired(this.#asks, this.#queue.relaxations[ring])
      fitting = this.#queue.members(this.#stage, ring).slice()
      for (const { skillId, minLevel } of required.needs) keepBits(fitting, this.#agents.atLeast(skillId, minLevel))
      if (required.language !== null) keepBits(fitting, this.#agents.speaking(required.language))
      this.#byRing[ring] = fitting
    }
    return fitting
  }
}

/** The matches in use, one for each signature; many items make few. */
export class Matches {
  readonly #agents: AgentIndex
  readonly #byKey = new Map<string, Match>()
  readonly #free: number[] = []
  #made = 0

  constructor(agents: AgentIndex) {
    this.#agents = agents
  }

  /** How many indexes there are, used or free. */
  get size(): number {
    return this.#made
  }

  all(): Iterable<Match> {
    return this.#byKey.values()
  }

  /** The match of an item at `now`; give it back by `release`. */
  take(item: WorkItem, queue: IndexedQueue, now: number): Match {
    const waitedMs = Math.max(0, now - item.queuedAt)
    let stage = 0
    while (stage < queue.delaysMs.length && (queue.delaysMs[stage] ?? 0) <= waitedMs) stage += 1
    const reached = ringReached(queue.steps, waitedMs)
    const key = `${queue.rules.id}\n${stage}\n${reached}\n${signatureOf(item)}`
    let match = this.#byKey.get(key)
    if (match === undefined) {
      match = new Match(this.#free.pop() ?? this.#made++, key, this.#agents, queue, stage, reached, item)
      this.#byKey.set(key, match)
    }
    match.users += 1
    return match
  }

  release(match: Match): void {
    match.users -= 1
    if (match.users > 0) return
    this.#byKey.delete(match.key)
    this.#free.push(match.index)
  }
}

function signatureOf(item: WorkItem): string {
  const needs = item.required.map((need) => `${need.skillId}\t${need.minLevel}\t${need.dropOrder ?? ''}`)
  return `${item.language ?? ''}\n${needs.length > 1 ? needs.sort().join('\n') : (needs[0] ?? '')}`
}

function excludedFrom(agents: AgentIndex, members: Bits, fitting: Bits): readonly Exclusion[] {
  const list: Exclusion[] = []
  const fits = (word: number): number => fitting[word] ?? 0
  const loggedIn = (word: number): number => agents.loggedIn[word] ?? 0
  addExclusion(list, agents, 'not_member', (word) => (agents.everyone[word] ?? 0) & ~(members[word] ?? 0))
  addExclusion(list, agents, 'skill', (word) => (members[word] ?? 0) & ~fits(word))
  addExclusion(list, agents, 'offline', (word) => fits(word) & ~loggedIn(word))
  addExclusion(list, agents, 'not_available', (word) => fits(word) & loggedIn(word) & ~(agents.available[word] ?? 0))
  return list
}
