import { type Bits, emptyBits, setBit } from './bits.ts'
import type { RoutingAgent } from './snapshot.ts'

/** The agents in the order of their ids, and sets of them that nothing in one run changes. */
export interface AgentIndex {
  readonly agents: readonly RoutingAgent[]
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
  inGroup(groupId: string): Bits
  atLeast(skillId: string, minLevel: number): Bits
  speaking(language: string): Bits
  /** 0 = the agent does not have the skill. */
  levelOf(place: number, skillId: string): number
}

/** Compares ids by code unit, the same on every machine. */
export function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Whether the agent's presence holds at `now`. */
export function isLoggedIn(agent: RoutingAgent, now: number): boolean {
  return agent.state !== 'offline' && agent.leaseUntil !== null && agent.leaseUntil > now
}

/** Builds the index. */
export function indexAgents(unordered: readonly RoutingAgent[], now: number): AgentIndex {
  const agents = [...unordered].sort((a, b) => compareIds(a.id, b.id))
  const levels = skillLevels(agents)
  const levelOf = (place: number, skillId: string): number => levels.get(skillId)?.[place] ?? 0
  const subset = (test: (agent: RoutingAgent, place: number) => boolean): Bits => subsetOf(agents, test)
  const loggedIn = subset((agent) => isLoggedIn(agent, now))
  return {
    agents,
    words: emptyBits(agents.length).length,
    placeOf: new Map(agents.map((agent, place) => [agent.id, place])),
    everyone: subset(() => true),
    loggedIn,
    available: subset((agent) => isLoggedIn(agent, now) && agent.state === 'available'),
    working: subset((agent) => isLoggedIn(agent, now) && (agent.state === 'available' || agent.state === 'wrap_up')),
    inGroup: remembered((groupId) => subset((agent) => agent.groupIds.includes(groupId))),
    speaking: remembered((language) => subset((agent) => agent.languages.includes(language))),
    atLeast: rememberedPair((skillId, minLevel) => subset((_, place) => levelOf(place, skillId) >= minLevel)),
    levelOf,
  }
}

function subsetOf(agents: readonly RoutingAgent[], test: (agent: RoutingAgent, place: number) => boolean): Bits {
  const bits = emptyBits(agents.length)
  agents.forEach((agent, place) => {
    if (test(agent, place)) setBit(bits, place, true)
  })
  return bits
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

function remembered(make: (key: string) => Bits): (key: string) => Bits {
  const made = new Map<string, Bits>()
  return (key) => {
    let bits = made.get(key)
    if (bits === undefined) made.set(key, (bits = make(key)))
    return bits
  }
}

function rememberedPair(make: (skillId: string, minLevel: number) => Bits): (skillId: string, minLevel: number) => Bits {
  const made = new Map<string, Map<number, Bits>>()
  return (skillId, minLevel) => {
    let byLevel = made.get(skillId)
    if (byLevel === undefined) made.set(skillId, (byLevel = new Map()))
    let bits = byLevel.get(minLevel)
    if (bits === undefined) byLevel.set(minLevel, (bits = make(skillId, minLevel)))
    return bits
  }
}
