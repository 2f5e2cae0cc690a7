import { channelIds } from '../capacity/rules.ts'
import { AgentIndex } from './agent-index.ts'
import { emptyBits } from './bits.ts'
import { bound, Line, served, type Waiting, waitingOf } from './line.ts'
import { type Match, Matches } from './match.ts'
import { type IndexedQueue, indexQueue, unservedQueue } from './queue-index.ts'
import { Seats } from './seats.ts'
import type { QueueRules, RoutingAgent, WorkItem } from './snapshot.ts'
import type { RoutingState } from './state.ts'
import { Timers } from './timers.ts'

const channelPlace = Object.fromEntries(channelIds.map((channel, place) => [channel, place]))

/**
 * The line and the agents as they are, kept up to date change by change: what the engine decides on. Queues, and what agents are, stay
 * as they were when it was built.
 */
export class Floor {
  readonly line = new Line()
  readonly #agents: AgentIndex
  readonly #seats: Seats
  readonly #matches: Matches
  readonly #queues = new Map<string, IndexedQueue>()
  readonly #waiting = new Map<string, Waiting>()
  readonly #timers = new Timers<Waiting>()
  /** Of items that ask nobody more: they wake nobody, and still move to where they belong. */
  readonly #quietTimers = new Timers<Waiting>()
  /** Items that name an agent as preferred or personal, by that agent's place. */
  readonly #bonds = new Map<number, Set<string>>()
  /** Live offers an agent has, by the items in line. */
  readonly #offers: Int32Array
  readonly #state: RoutingState
  #unserved = 0
  #now: number

  constructor(queues: readonly QueueRules[], agents: Iterable<RoutingAgent>, items: Iterable<WorkItem>, now: number) {
    this.#now = now
    this.#agents = new AgentIndex([...agents], now)
    const size = this.#agents.agents.length
    this.#offers = new Int32Array(size)
    this.#seats = new Seats(this.#agents, (agent) => agent.ringing ?? 0)
    this.#matches = new Matches(this.#agents)
    for (const rules of queues) this.#queues.set(rules.id, indexQueue(rules, this.#agents))
    this.#state = {
      now,
      agents: this.#agents,
      seats: this.#seats,
      nobody: emptyBits(size),
      scratch: { pool: emptyBits(size), eligible: emptyBits(size) },
    }
    this.line.fill(
      Array.from(items, (item) => this.#note(item)),
      keyOf,
    )
  }

  /** What a pass works with, at the instant of the last `advance`. */
  get state(): RoutingState {
    return { ...this.#state, now: this.#now }
  }

  /** All keys of the line are below this. */
  get keyCount(): number {
    return this.#matches.size * channelIds.length
  }

  waiting(itemId: string): Waiting | undefined {
    return this.#waiting.get(itemId)
  }

  /** Puts an item in line, or puts it right. */
  put(item: WorkItem): void {
    const before = this.#waiting.get(item.id)
    if (before !== undefined) this.#leave(before)
    const waiting = this.#note(item)
    this.line.add(waiting, keyOf(waiting))
  }

  remove(itemId: string): void {
    const before = this.#waiting.get(itemId)
    if (before === undefined) return
    this.#leave(before)
    this.#waiting.delete(itemId)
  }

  /** Takes over how an agent is. False when they are somebody else than the floor was built for: build it anew. */
  putAgent(agent: RoutingAgent): boolean {
    const place = this.#agents.placeOf.get(agent.id)
    const before = place === undefined ? undefined : this.#agents.agents[place]
    if (place === undefined || before === undefined || !sameTraits(before, agent)) return false
    this.#seat(place, agent)
    return true
  }

  /** Takes over a decision of a pass on the floor's own state: the seat is taken already, and the item keeps its place in line. */
  carriedOut(agent: RoutingAgent, item: WorkItem): void {
    const place = this.#agents.placeOf.get(agent.id)
    const before = this.#waiting.get(item.id)
    if (place === undefined || before === undefined) return
    this.#agents.replace(place, agent)
    this.#offers[place] = (this.#offers[place] ?? 0) + 1
    const after: Waiting = { ...before, item, placesLeft: before.placesLeft - 1 }
    this.#waiting.set(item.id, after)
    this.line.replace(before, after, keyOf(after))
    if (after.placesLeft <= 0) this.#unserved -= 1
    this.#time(after)
  }

  /** Puts an agent back to how they were before a trial pass. */
  unseat(agentId: string): void {
    const place = this.#agents.placeOf.get(agentId)
    const agent = place === undefined ? undefined : this.#agents.agents[place]
    if (place !== undefined && agent !== undefined) this.#seats.put(place, agent, agent.ringing ?? this.#offers[place] ?? 0)
  }

  /** Brings what time alone changes up to `now`; an earlier instant than the last changes nothing. */
  advance(now: number): void {
    if (now <= this.#now) return
    this.#now = now
    for (const place of this.#agents.leasesRunOut(now)) {
      const agent = this.#agents.agents[place]
      if (agent !== undefined) this.#seat(place, agent)
    }
    for (const timers of [this.#timers, this.#quietTimers]) {
      for (let due = timers.first; due !== undefined && due.at <= now; due = timers.first) {
        timers.pop()
        if (this.#waiting.get(due.what.id) === due.what) this.put(due.what.item)
      }
    }
  }

  /** When time alone may change something for somebody who waits; null = only an event can. */
  nextWakeAt(): number | null {
    if (this.#unserved === 0) return null
    while (this.#timers.first !== undefined && this.#waiting.get(this.#timers.first.what.id) !== this.#timers.first.what) this.#timers.pop()
    const change = this.#timers.first?.at ?? null
    const lease = this.#agents.nextLeaseEnd()
    return change === null || lease === null ? (change ?? lease) : Math.min(change, lease)
  }

  #seat(place: number, agent: RoutingAgent): void {
    const { loggedIn, available } = this.#agents.put(place, agent, this.#now)
    this.#seats.put(place, agent, agent.ringing ?? this.#offers[place] ?? 0)
    const again = new Set<string>()
    if (loggedIn) for (const id of this.#onOtherRings(place)) again.add(id)
    if (loggedIn || available) for (const id of this.#bonds.get(place) ?? []) again.add(id)
    for (const id of again) {
      const waiting = this.#waiting.get(id)
      if (waiting !== undefined) this.put(waiting.item)
    }
  }

  /** Moves matches to other rings where somebody's log-in or log-out asks for it; returns the items whose bonds hang on that. */
  #onOtherRings(place: number): string[] {
    const moved = new Set<Match>()
    for (const match of this.#matches.all()) if (match.mayHangOn(place) && match.resolve()) moved.add(match)
    if (moved.size === 0) return []
    const bonded = new Set([...this.#bonds.values()].flatMap((ids) => [...ids]))
    return [...bonded].filter((id) => {
      const waiting = this.#waiting.get(id)
      return waiting !== undefined && moved.has(waiting.match)
    })
  }

  /** Notes everything about an item but its place in line. */
  #note(item: WorkItem): Waiting {
    let queue = this.#queues.get(item.queueId)
    if (queue === undefined) this.#queues.set(item.queueId, (queue = indexQueue(unservedQueue(item.queueId), this.#agents)))
    const waiting = waitingOf(item, queue, this.#matches.take(item, queue, this.#now), this.#agents, this.#now)
    this.#waiting.set(item.id, waiting)
    if (waiting.placesLeft > 0) this.#unserved += 1
    this.#time(waiting)
    for (const place of this.#bondPlaces(item)) {
      const ids = this.#bonds.get(place)
      if (ids === undefined) this.#bonds.set(place, new Set([item.id]))
      else ids.add(item.id)
    }
    this.#countOffers(item, 1)
    return waiting
  }

  #time(waiting: Waiting): void {
    if (waiting.changesAt === Number.POSITIVE_INFINITY) return
    const timers = waiting.placesLeft > 0 ? this.#timers : this.#quietTimers
    timers.push(waiting.changesAt, waiting)
  }

  #leave(waiting: Waiting): void {
    this.line.remove(waiting)
    this.#matches.release(waiting.match)
    if (waiting.placesLeft > 0) this.#unserved -= 1
    for (const place of this.#bondPlaces(waiting.item)) this.#bonds.get(place)?.delete(waiting.id)
    this.#countOffers(waiting.item, -1)
  }

  *#bondPlaces({ preferredAgent, personalAgent }: WorkItem): Generator<number> {
    for (const bond of [preferredAgent, personalAgent]) {
      const place = bond === null ? undefined : this.#agents.placeOf.get(bond.agentId)
      if (place !== undefined) yield place
    }
  }

  #countOffers(item: WorkItem, by: 1 | -1): void {
    for (const agentId of item.offeredTo) {
      const place = this.#agents.placeOf.get(agentId)
      if (place === undefined) continue
      this.#offers[place] = (this.#offers[place] ?? 0) + by
      if (this.#agents.agents[place]?.maxRinging !== undefined) this.unseat(agentId)
    }
  }
}

function keyOf({ placesLeft, boundTo, match, item }: Waiting): number {
  if (placesLeft <= 0) return served
  return boundTo === undefined ? match.index * channelIds.length + (channelPlace[item.channel] ?? 0) : bound
}

function sameTraits(a: RoutingAgent, b: RoutingAgent): boolean {
  const same = <T>(one: readonly T[], other: readonly T[], equal: (x: T, y: T) => boolean): boolean =>
    one === other || (one.length === other.length && one.every((x, n) => other[n] !== undefined && equal(x, other[n])))
  const identical = (x: string, y: string): boolean => x === y
  return (
    same(a.groupIds, b.groupIds, identical) &&
    same(a.languages, b.languages, identical) &&
    same(a.skills, b.skills, (x, y) => x.skillId === y.skillId && x.level === y.level)
  )
}
