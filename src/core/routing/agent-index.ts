import { type Bits, emptyBits, setBit } from './bits.ts'
import type { RoutingAgent } from './snapshot.ts'

/** Compares ids by code unit, the same on every machine. */
export function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Whether the agent's presence holds at `now`. */
export function isLoggedIn(agent: RoutingAgent, now: number): boolean {
  return agent.state !== 'offline' && agent.leaseUntil !== null && agent.leaseUntil > now
}

/** What of an agent's presence a change of state has altered. */
export interface PresenceChange {
  readonly loggedIn: boolean
  readonly available: boolean
}

/**
 * The agents in the order of their ids. What they are (skills, groups, languages) is fixed for the life of an index; how they are
 * (state, lease) is kept up to date in sets.
 */
export class AgentIndex {
  /** Words a set of agents has. */
  readonly words: number
  readonly placeOf: ReadonlyMap<string, number>
  readonly everyone: Bits
  /** A live presence lease, and any state but `offline`. */
  readonly loggedIn: Bits
  /** Logged in and available. */
  readonly available: Bits
  /** Logged in, and available or about to be: the state after a contact. */
  readonly working: Bits
  /** Rises with every change of these sets. */
  version = 0
  readonly #agents: RoutingAgent[]
  readonly #leaseUntil: Float64Array
  readonly #levels: ReadonlyMap<string, Float64Array>
  readonly #sets = new Map<string, Bits>()

  constructor(unordered: readonly RoutingAgent[], now: number) {
    this.#agents = [...unordered].sort((a, b) => compareIds(a.id, b.id))
    const size = this.#agents.length
    this.words = emptyBits(size).length
    this.placeOf = new Map(this.#agents.map((agent, place) => [agent.id, place]))
    this.#leaseUntil = new Float64Array(size)
    this.#levels = skillLevels(this.#agents)
    this.everyone = this.#subset(() => true)
    this.loggedIn = emptyBits(size)
    this.available = emptyBits(size)
    this.working = emptyBits(size)
    this.#agents.forEach((agent, place) => this.put(place, agent, now))
  }

  /** In the order of their ids. */
  get agents(): readonly RoutingAgent[] {
    return this.#agents
  }

  /** Replaces an agent by how they are at `now`. */
  put(place: number, agent: RoutingAgent, now: number): PresenceChange {
    this.#agents[place] = agent
    const present = isLoggedIn(agent, now)
    this.#leaseUntil[place] = present ? (agent.leaseUntil ?? 0) : Number.POSITIVE_INFINITY
    const loggedIn = changeBit(this.loggedIn, place, present)
    const available = changeBit(this.available, place, present && agent.state === 'available')
    const working = changeBit(this.working, place, present && (agent.state === 'available' || agent.state === 'wrap_up'))
    if (loggedIn || available || working) this.version += 1
    return { loggedIn, available }
  }

  /** Replaces an agent whose presence is the same. */
  replace(place: number, agent: RoutingAgent): void {
    this.#agents[place] = agent
  }

  /** Those whose lease has run out since they were put. */
  leasesRunOut(now: number): number[] {
    const places: number[] = []
    for (let place = 0; place < this.#leaseUntil.length; place++) if ((this.#leaseUntil[place] ?? 0) <= now) places.push(place)
    return places
  }

  /** When the first lease of those logged in runs out; null when nobody is. */
  nextLeaseEnd(): number | null {
    let first = Number.POSITIVE_INFINITY
    for (const until of this.#leaseUntil) if (until < first) first = until
    return first === Number.POSITIVE_INFINITY ? null : first
  }

  inGroup(groupId: string): Bits {
    return this.#remembered(`g ${groupId}`, (agent) => agent.groupIds.includes(groupId))
  }

  speaking(language: string): Bits {
    return this.#remembered(`l ${language}`, (agent) => agent.languages.includes(language))
  }

  atLeast(skillId: string, minLevel: number): Bits {
    return this.#remembered(`${minLevel} ${skillId}`, (_, place) => this.levelOf(place, skillId) >= minLevel)
  }

  /** 0 = the agent does not have the skill. */
  levelOf(place: number, skillId: string): number {
    return this.#levels.get(skillId)?.[place] ?? 0
  }

  #remembered(key: string, test: (agent: RoutingAgent, place: number) => boolean): Bits {
    let bits = this.#sets.get(key)
    if (bits === undefined) this.#sets.set(key, (bits = this.#subset(test)))
    return bits
  }

  #subset(test: (agent: RoutingAgent, place: number) => boolean): Bits {
    const bits = emptyBits(this.#agents.length)
    this.#agents.forEach((agent, place) => {
      if (test(agent, place)) setBit(bits, place, true)
    })
    return bits
  }
}

function changeBit(bits: Bits, place: number, present: boolean): boolean {
  const word = place >>> 5
  const before = bits[word] ?? 0
  setBit(bits, place, present)
  return bits[word] !== before
}

function skillLevels(agents: readonly RoutingAgent[]): ReadonlyMap<string, Float64Array> {
  const levels = new Map<string, Float64Array>()
  agents.forEach((agent, place) => {
    for (const { skillId, level } of agent.skills) {
      let row = levels.get(skillId)
      if (row === undefined) levels.set(skillId, (row = new Float64Array(agents.length)))
      row[place] = level
    }
  })
  return levels
}
