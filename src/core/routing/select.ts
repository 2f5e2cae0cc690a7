import type { AgentIndex } from './agent-index.ts'
import { type Bits, firstMember } from './bits.ts'
import type { Seats } from './seats.ts'
import type { QueueRules, WorkItem } from './snapshot.ts'

/** What made the chosen agent come first; instants are epoch milliseconds (0 = never), `fill` is weight held over the total. */
export type SelectionKeys = Readonly<Record<string, string | number>>

type Comparison = (a: number, b: number) => number

/** The place of the best of the candidates; undefined when there is none. Ties go to the lower id. */
export function selectAgent(
  candidates: Bits,
  item: WorkItem,
  selection: QueueRules['selection'],
  agents: AgentIndex,
  seats: Seats,
): number | undefined {
  return firstMember(agents.words, (word) => candidates[word] ?? 0, comparisonOf(item, selection, agents, seats))
}

/** How a queue's way of selecting orders two agents by place; negative when the first comes first. */
function comparisonOf(item: WorkItem, selection: QueueRules['selection'], agents: AgentIndex, seats: Seats): Comparison {
  const by =
    (row: Float64Array): Comparison =>
    (a, b) =>
      (row[a] ?? 0) - (row[b] ?? 0)
  const idle = by(seats.idleSince)
  const fill = by(seats.fill)
  switch (selection) {
    case 'longest_idle':
      return (a, b) => idle(a, b) || fill(a, b)
    case 'least_loaded':
      return (a, b) => fill(a, b) || idle(a, b)
    case 'best_skill':
      return (a, b) => levelsOf(item, b, agents) - levelsOf(item, a, agents) || idle(a, b) || fill(a, b)
    case 'round_robin': {
      const lastOffer = by(seats.lastOfferAt)
      return (a, b) => lastOffer(a, b) || fill(a, b)
    }
  }
}

/** Sum of an agent's levels in all an item asked for at first, so that relaxing keeps the nearest in front. */
function levelsOf(item: WorkItem, place: number, agents: AgentIndex): number {
  let sum = 0
  for (const { skillId } of item.required) sum += agents.levelOf(place, skillId)
  return sum
}

/** The keys the chosen agent won by. */
export function keysOf(place: number, item: WorkItem, selection: QueueRules['selection'], agents: AgentIndex, seats: Seats): SelectionKeys {
  const idleSince = seats.idleSince[place] ?? 0
  const fill = Math.round((seats.fill[place] ?? 0) * 1000) / 1000
  switch (selection) {
    case 'longest_idle':
    case 'least_loaded':
      return { idleSince, fill }
    case 'best_skill':
      return { levels: levelsOf(item, place, agents), idleSince, fill }
    case 'round_robin':
      return { lastOfferAt: seats.lastOfferAt[place] ?? 0, fill }
  }
}
