import type { ExclusionReason, OfferWhy } from '../../wire/offers.ts'
import type { AgentIndex } from './agent-index.ts'
import { countWord, lowestPlace, type WordAt } from './bits.ts'
import { maxNamedAgents } from './decision.ts'

/** A reason with how many it holds for, and the first ids. */
export type Exclusion = OfferWhy['excluded'][number]

/** Adds a reason to a list when it holds for anybody. */
export function addExclusion(list: Exclusion[], agents: AgentIndex, reason: ExclusionReason, wordAt: WordAt): void {
  const agentIds: string[] = []
  let count = 0
  for (let word = 0; word < agents.words; word++) {
    const bits = wordAt(word)
    if (bits === 0) continue
    count += countWord(bits)
    for (let rest = bits; rest !== 0 && agentIds.length < maxNamedAgents; rest &= rest - 1) {
      agentIds.push(agents.agents[lowestPlace(word, rest)]?.id ?? '')
    }
  }
  if (count > 0) list.push({ reason, count, agentIds })
}
