import type { AgentIndex } from './agent-index.ts'
import { hasBit } from './bits.ts'
import type { Match } from './match.ts'
import { compareOrder, type OrderKey, waitingSince } from './order.ts'
import type { IndexedQueue } from './queue-index.ts'
import type { AgentUntil, WorkItem } from './snapshot.ts'

/** A waiting item with everything about it that giving out others does not change. */
export interface Waiting extends OrderKey {
  readonly item: WorkItem
  readonly queue: IndexedQueue
  readonly match: Match
  /** Place of the only agent it may go to for now; undefined = any who match. */
  readonly boundTo: number | undefined
  /** From when on it may keep an agent from refilling, epoch ms. */
  readonly drainAt: number
  /** How many more agents may be asked. */
  readonly placesLeft: number
  /** When time alone changes who may take it; infinite = never. */
  readonly changesAt: number
}

/** Puts everything about an item together, as it is at `now`. */
export function waitingOf(item: WorkItem, queue: IndexedQueue, match: Match, agents: AgentIndex, now: number): Waiting {
  const boundTo = boundAgent(item, match, agents, now)
  return {
    item,
    queue,
    match,
    boundTo,
    priority: item.priority,
    personal: boundTo !== undefined,
    since: waitingSince(item, queue.rules),
    id: item.id,
    drainAt: item.queuedAt + queue.rules.drainAfterMs,
    placesLeft: queue.rules.ringAgents - item.offeredTo.length,
    changesAt: nextChangeOf(item, queue, now),
  }
}

/**
 * Whose item it is for now: a person's own while they are logged in, whatever their queues and
 * skills; else the preferred agent's, while they match and are available. Nobody who declined it.
 */
function boundAgent(item: WorkItem, match: Match, agents: AgentIndex, now: number): number | undefined {
  const inForce = (bond: AgentUntil | null): number | undefined =>
    bond !== null && bond.until > now && !isAvoided(item, bond.agentId, now) ? agents.placeOf.get(bond.agentId) : undefined
  const person = inForce(item.personalAgent)
  if (person !== undefined && hasBit(agents.loggedIn, person)) return person
  const preferred = inForce(item.preferredAgent)
  return preferred !== undefined && hasBit(match.fitting, preferred) && hasBit(agents.available, preferred) ? preferred : undefined
}

function isAvoided(item: WorkItem, agentId: string, now: number): boolean {
  return item.avoid.some((avoided) => avoided.agentId === agentId && avoided.until > now)
}

/** The first instant after now at which time alone changes who may take the item; infinite = never. */
function nextChangeOf(item: WorkItem, queue: IndexedQueue, now: number): number {
  let first = Number.POSITIVE_INFINITY
  const consider = (instant: number): void => {
    if (instant > now && instant < first) first = instant
  }
  for (const { afterMs } of queue.steps) consider(item.queuedAt + afterMs)
  for (const delayMs of queue.delaysMs) consider(item.queuedAt + delayMs)
  for (const { until } of item.avoid) consider(until)
  if (item.preferredAgent !== null) consider(item.preferredAgent.until)
  if (item.personalAgent !== null) consider(item.personalAgent.until)
  return first
}

/** The one queue, first come first, with what a pass reads of each item beside it. */
export class Line {
  readonly order: Waiting[] = []
  /** For each place in the order: its match and channel as one number; `bound` or `served` instead. */
  keys = new Int32Array(256)

  /** Puts an item at its place. */
  add(waiting: Waiting, key: number): void {
    const at = this.#find(waiting)
    if (this.order.length === this.keys.length) {
      const larger = new Int32Array(this.keys.length * 2)
      larger.set(this.keys)
      this.keys = larger
    }
    this.keys.copyWithin(at + 1, at, this.order.length)
    this.keys[at] = key
    this.order.splice(at, 0, waiting)
  }

  /** Takes out what `add` was given. */
  remove(waiting: Waiting): void {
    const at = this.placeOf(waiting)
    this.order.splice(at, 1)
    this.keys.copyWithin(at, at + 1)
  }

  /** Replaces an item whose place has not changed. */
  replace(before: Waiting, after: Waiting, key: number): void {
    const at = this.placeOf(before)
    this.order[at] = after
    this.keys[at] = key
  }

  /** Puts all in order at once, which is faster than one after the other. */
  fill(list: Waiting[], keyOf: (waiting: Waiting) => number): void {
    list.sort(compareOrder)
    this.order.length = 0
    for (const waiting of list) this.order.push(waiting)
    if (this.keys.length < list.length) this.keys = new Int32Array(list.length * 2)
    this.order.forEach((waiting, at) => {
      this.keys[at] = keyOf(waiting)
    })
  }

  /** Where in the order it stands. */
  placeOf(waiting: Waiting): number {
    return this.#find(waiting)
  }

  /** The first place whose item does not come before. */
  #find(key: OrderKey): number {
    let low = 0
    let high = this.order.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const there = this.order[middle]
      if (there !== undefined && compareOrder(there, key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Key of an item that may go to one agent only. */
export const bound = -1
/** Key of an item that asks nobody more. */
export const served = -2
