import { emptyHanded, type Held, withItem } from '../../../src/core/capacity/load.ts'
import { capacityRules } from '../../../src/core/capacity/rules.ts'
import type { Decision } from '../../../src/core/routing/decision.ts'
import { route } from '../../../src/core/routing/route.ts'
import {
  type QueueRules,
  queueDefaults,
  type RoutingAgent,
  type RoutingSnapshot,
  type WorkItem,
} from '../../../src/core/routing/snapshot.ts'
import type { RingStep } from '../../../src/wire/queues.ts'

/** The instant the tests take place at. */
export const now = 1_760_000_000_000

/** An agent who is there, available and free, except for what is said. */
export function agent(id: string, said: Partial<Omit<RoutingAgent, 'id' | 'held'>> & { held?: Partial<Held> } = {}): RoutingAgent {
  const { held, ...rest } = said
  return {
    id,
    state: 'available',
    leaseUntil: now + 45_000,
    groupIds: [],
    skills: [],
    languages: [],
    capacity: capacityRules(),
    idleSince: now - 60_000,
    lastOfferAt: null,
    ...rest,
    held: { ...emptyHanded, ...held },
  }
}

/** A chat that has waited ten seconds in queue `q`, except for what is said. */
export function item(id: string, said: Partial<Omit<WorkItem, 'id'>> = {}): WorkItem {
  return {
    id,
    queueId: 'q',
    channel: 'webchat',
    priority: 5,
    createdAt: now - 10_000,
    queuedAt: said.createdAt ?? now - 10_000,
    deadlineAt: null,
    required: [],
    language: null,
    preferredAgent: null,
    personalAgent: null,
    avoid: [],
    offeredTo: [],
    ...said,
  }
}

/** A queue of the named agents, except for what is said. */
export function queue(id: string, agentIds: readonly string[], said: Partial<Omit<QueueRules, 'id'>> = {}): QueueRules {
  return {
    id,
    members: agentIds.map((agentId) => ({ agentId, delayMs: 0 })),
    order: 'oldest',
    ageOffsetMs: 0,
    selection: 'longest_idle',
    rings: [],
    offerMs: {},
    ...queueDefaults,
    ...said,
  }
}

/** A step of relaxation that does only what is said. */
export function ring(afterMs: number, said: Partial<Omit<RingStep, 'afterMs'>> = {}): RingStep {
  return { afterMs, dropSkills: [], lowerLevelBy: 0, dropThrough: 0, dropLanguage: false, widenTo: [], ...said }
}

/** The snapshot as the store would show it once the decisions have become offers. */
export function withOffers(snapshot: RoutingSnapshot, decisions: readonly Decision[], at: number): RoutingSnapshot {
  const agents = new Map(snapshot.agents.map((one) => [one.id, one]))
  const items = new Map(snapshot.items.map((one) => [one.id, one]))
  for (const { agentId, itemId, channel } of decisions) {
    const taker = agents.get(agentId)
    const taken = items.get(itemId)
    if (taker === undefined || taken === undefined) throw new Error('A decision names somebody who is not in the snapshot.')
    agents.set(agentId, { ...taker, held: withItem(taker.held, channel), idleSince: at, lastOfferAt: at })
    items.set(itemId, { ...taken, offeredTo: [...taken.offeredTo, agentId] })
  }
  return { queues: snapshot.queues, agents: [...agents.values()], items: [...items.values()] }
}

/** `item → agent` of each decision, in order. */
export function pairs(decisions: readonly Decision[]): string[] {
  return decisions.map(({ itemId, agentId }) => `${itemId} → ${agentId}`)
}

/** Milliseconds. */
export const seconds = (n: number): number => n * 1_000

/** The instant so many seconds before `now`. */
export const ago = (n: number): number => now - seconds(n)

/** `item → agent` of what routing decides. */
export function decided(snapshot: RoutingSnapshot, at = now): string[] {
  return pairs(route(snapshot, at).decisions)
}

/** One queue, `q`, that all the agents serve. */
export function oneQueue(
  agents: readonly RoutingAgent[],
  items: readonly WorkItem[],
  said: Parameters<typeof queue>[2] = {},
): RoutingSnapshot {
  const agentIds = agents.map(({ id }) => id)
  return { agents, items, queues: [queue('q', agentIds, said)] }
}

/** An agent's hands when they can take no more chats. */
export const full = { held: { webchat: 4 } }
