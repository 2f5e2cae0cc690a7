import { withItem } from '../capacity/load.ts'
import { agentSet, candidatesFor } from './candidates.ts'
import type { Decision, Routing, WaitingExplanation } from './decision.ts'
import { Floor } from './floor.ts'
import { choose, runPass } from './pass.ts'
import type { QueueRules, RoutingAgent, RoutingSnapshot, WorkItem } from './snapshot.ts'
import { whyOf } from './why.ts'

/**
 * Routing that keeps its picture: built from a snapshot once, then told of each change, it decides in a fraction of the time of looking
 * at everything again, and decides the same. It is as pure as its input: no clock, no chance. Items and agents told of twice are simply
 * replaced; what is not known is left out silently. A change of queues, or of what an agent is (skills, groups, languages; a new one, one
 * gone), makes it build itself anew with the next decision.
 */
export class RoutingEngine {
  #queues: readonly QueueRules[]
  readonly #agents: Map<string, RoutingAgent>
  readonly #items: Map<string, WorkItem>
  #floor: Floor | null = null
  #now: number

  /** @param now epoch milliseconds; time does not run backwards from here. */
  constructor(snapshot: RoutingSnapshot, now: number) {
    this.#queues = snapshot.queues
    this.#agents = new Map(snapshot.agents.map((agent) => [agent.id, agent]))
    this.#items = new Map(snapshot.items.map((item) => [item.id, item]))
    this.#now = now
  }

  /** An item has come, or is different now. */
  putItem(item: WorkItem): void {
    this.#items.set(item.id, item)
    this.#floor?.put(item)
  }

  /** An item waits no more. */
  removeItem(itemId: string): void {
    this.#items.delete(itemId)
    this.#floor?.remove(itemId)
  }

  /** An agent has come, or is different now. */
  putAgent(agent: RoutingAgent): void {
    this.#agents.set(agent.id, agent)
    if (this.#floor?.putAgent(agent) === false) this.#floor = null
  }

  /** An agent is no more. */
  removeAgent(agentId: string): void {
    if (this.#agents.delete(agentId)) this.#floor = null
  }

  /** The rules of all queues. */
  putQueues(queues: readonly QueueRules[]): void {
    this.#queues = queues
    this.#floor = null
  }

  /** The picture as it is, decisions counted in. */
  snapshot(): RoutingSnapshot {
    return { queues: this.#queues, agents: [...this.#agents.values()], items: [...this.#items.values()] }
  }

  /** An agent by id, as the engine pictures them. */
  agent(agentId: string): RoutingAgent | undefined {
    return this.#agents.get(agentId)
  }

  /** An item by id, as the engine pictures it. */
  item(itemId: string): WorkItem | undefined {
    return this.#items.get(itemId)
  }

  /**
   * Decides who is offered what at `now`. What it decides counts as carried out from then on: the agent holds one more, the item rings.
   * Where that does not come true, say so by putting both as they are.
   */
  decide(now: number): Routing {
    const floor = this.#floorAt(now)
    const decisions = runPass(floor.state, floor.line, floor.keyCount)
    for (const decision of decisions) this.#carryOut(decision, floor)
    return { decisions, nextWakeAt: floor.nextWakeAt() }
  }

  /** Answers "why am I still waiting" at an item's turn, after those before it have been served; null for one that is not in line. */
  explain(itemId: string, now: number): WaitingExplanation | null {
    const floor = this.#floorAt(now)
    const waiting = floor.waiting(itemId)
    if (waiting === undefined) return null
    const { state, line } = floor
    const ahead = line.placeOf(waiting)
    const before = runPass(state, line, floor.keyCount, ahead)
    const candidates = candidatesFor(state, waiting, agentSet(state, waiting.item.offeredTo))
    const chosen = waiting.placesLeft > 0 ? choose(state, waiting, candidates) : undefined
    const why = whyOf(state, waiting, candidates, chosen)
    for (const { agentId } of before) floor.unseat(agentId)
    const { offeredTo, queueId } = waiting.item
    const aheadInQueue = line.order.slice(0, ahead).filter(({ item }) => item.queueId === queueId).length
    const nextChangeAt = waiting.changesAt === Number.POSITIVE_INFINITY ? null : waiting.changesAt
    return { itemId, ahead, aheadInQueue, offeredTo, why, nextChangeAt }
  }

  #floorAt(now: number): Floor {
    this.#now = Math.max(this.#now, now)
    if (this.#floor === null) this.#floor = new Floor(this.#queues, this.#agents.values(), this.#items.values(), this.#now)
    else this.#floor.advance(this.#now)
    return this.#floor
  }

  #carryOut({ itemId, agentId, channel }: Decision, floor: Floor): void {
    const agent = this.#agents.get(agentId)
    const item = this.#items.get(itemId)
    if (agent === undefined || item === undefined) return
    const ringing = agent.ringing === undefined ? {} : { ringing: agent.ringing + 1 }
    const taken = { ...agent, ...ringing, held: withItem(agent.held, channel), idleSince: this.#now, lastOfferAt: this.#now }
    const offered = { ...item, offeredTo: [...item.offeredTo, agentId] }
    this.#agents.set(agentId, taken)
    this.#items.set(itemId, offered)
    floor.carriedOut(taken, offered)
  }
}
