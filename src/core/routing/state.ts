import { type AgentIndex, indexAgents } from './agent-index.ts'
import { type Bits, emptyBits, hasBit } from './bits.ts'
import { type Match, Matcher } from './match.ts'
import { compareOrder, type OrderKey, waitingSince } from './order.ts'
import { type IndexedQueue, indexQueue, unservedQueue } from './queue-index.ts'
import { Seats } from './seats.ts'
import type { AgentUntil, RoutingSnapshot, WorkItem } from './snapshot.ts'

/** A waiting item with everything about it that giving out others does not change. */
export interface Waiting extends OrderKey {
  readonly item: WorkItem
  readonly queue: IndexedQueue
  readonly match: Match
  /** Place of the only agent it may go to for now; undefined = any who match. */
  readonly boundTo: number | undefined
}

/** A snapshot prepared for one run: who is where, and what waits in which order. */
export interface RoutingState {
  readonly now: number
  readonly agents: AgentIndex
  readonly seats: Seats
  /** The empty set; never written to. */
  readonly nobody: Bits
  /** Sets that each item's turn writes anew. */
  readonly scratch: { readonly pool: Bits; readonly eligible: Bits }
  /** The one queue, first come first. */
  readonly waiting: readonly Waiting[]
}

/** Prepares a snapshot for one run at `now` (epoch milliseconds). */
export function createRoutingState(snapshot: RoutingSnapshot, now: number): RoutingState {
  const agents = indexAgents(snapshot.agents, now)
  const queues = new Map<string, IndexedQueue>()
  for (const rules of snapshot.queues) queues.set(rules.id, indexQueue(rules, agents))
  const matcher = new Matcher(agents, now)
  const waiting = snapshot.items.map((item) => {
    let queue = queues.get(item.queueId)
    if (queue === undefined) queues.set(item.queueId, (queue = indexQueue(unservedQueue(item.queueId), agents)))
    return place(item, queue, matcher.of(item, queue), agents, now)
  })
  waiting.sort(compareOrder)
  const empty = (): Bits => emptyBits(agents.agents.length)
  return {
    now,
    agents,
    seats: new Seats(agents),
    nobody: empty(),
    scratch: { pool: empty(), eligible: empty() },
    waiting,
  }
}

function place(item: WorkItem, queue: IndexedQueue, match: Match, agents: AgentIndex, now: number): Waiting {
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
