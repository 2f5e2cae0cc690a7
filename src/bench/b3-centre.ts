import { emptyHanded } from '../core/capacity/load.ts'
import { defaultCapacity } from '../core/capacity/rules.ts'
import { type QueueRules, queueDefaults, type RoutingAgent, type RoutingSnapshot, type WorkItem } from '../core/routing/snapshot.ts'
import { type Random, seededRandom } from '../core/simulation/random.ts'
import type { ChannelId } from '../wire/words.ts'

const channels: readonly ChannelId[] = ['phone', 'sms', 'line', 'email', 'webchat']

/** How large the centre is. */
export interface CentreSize {
  readonly agents: number
  readonly items: number
  readonly queues: number
  readonly skills: number
}

/** The size routing is built for: 1,000 agents with 3 of 40 skills each, 10,000 waiting items over 30 queues. */
export const fullSize: CentreSize = { agents: 1_000, items: 10_000, queues: 30, skills: 40 }

/** A whole number below `below`. */
export function below(random: Random, most: number): number {
  return Math.floor(random.next() * most)
}

/** A centre in which everybody is free and nothing has been given out, with half of the items asking for a skill at a level. */
export function routingCentre(size: CentreSize, random: Random, at: number): RoutingSnapshot {
  const agents = Array.from({ length: size.agents }, (_, n) => benchAgent(n, size, random, at))
  const queues = Array.from({ length: size.queues }, (_, n) => benchQueue(n, agents, random))
  const items = Array.from({ length: size.items }, (_, n) => benchItem(n, size, random, at))
  return { agents, queues, items }
}

/** One more waiting item. */
export function benchItem(n: number, size: CentreSize, random: Random, at: number): WorkItem {
  const since = at - below(random, 300_000)
  return {
    id: idOf('item', n),
    queueId: idOf('queue', below(random, size.queues)),
    channel: channels[below(random, channels.length)] ?? 'line',
    priority: 3 + below(random, 4),
    createdAt: since,
    queuedAt: since,
    deadlineAt: null,
    required:
      random.next() < 0.5 ? [{ skillId: idOf('skill', below(random, size.skills)), minLevel: 1 + below(random, 3), dropOrder: 1 }] : [],
    language: null,
    preferredAgent: null,
    personalAgent: null,
    avoid: [],
    offeredTo: [],
  }
}

function benchAgent(n: number, size: CentreSize, random: Random, at: number): RoutingAgent {
  const skillIds = new Set<number>()
  while (skillIds.size < Math.min(3, size.skills)) skillIds.add(below(random, size.skills))
  return {
    id: idOf('agent', n),
    state: 'available',
    leaseUntil: at + 3_600_000,
    groupIds: [],
    skills: [...skillIds].map((skill) => ({ skillId: idOf('skill', skill), level: 1 + below(random, 5) })),
    languages: [],
    held: emptyHanded,
    capacity: defaultCapacity,
    idleSince: at - below(random, 600_000),
    lastOfferAt: null,
  }
}

function benchQueue(n: number, agents: readonly RoutingAgent[], random: Random): QueueRules {
  return {
    ...queueDefaults,
    id: idOf('queue', n),
    members: agents.filter(() => random.next() < 0.15).map(({ id }) => ({ agentId: id, delayMs: 0 })),
    order: 'oldest',
    ageOffsetMs: 0,
    selection: (['longest_idle', 'least_loaded', 'best_skill', 'round_robin'] as const)[n % 4] ?? 'longest_idle',
    rings: [
      { afterMs: 60_000, dropSkills: [], lowerLevelBy: 1, dropThrough: 0, dropLanguage: false, widenTo: [] },
      { afterMs: 180_000, dropSkills: [], lowerLevelBy: 0, dropThrough: 1, dropLanguage: false, widenTo: [] },
    ],
    offerMs: {},
  }
}

function idOf(kind: string, n: number): string {
  return `${kind}-${String(n).padStart(7, '0')}`
}

/** The bench's stream of chance, the same on every run. */
export const benchRandom = (): Random => seededRandom(20_261_122)
