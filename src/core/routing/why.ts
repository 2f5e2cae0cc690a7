import type { OfferWhy } from '../../wire/offers.ts'
import { type Candidates, exclusionsOf } from './candidates.ts'
import type { Waiting } from './line.ts'
import { keysOf } from './select.ts'
import type { RoutingState } from './state.ts'

/** Says why an item goes to the chosen agent, or to nobody: its ring and place, who came into question, and why the rest did not. */
export function whyOf(state: RoutingState, waiting: Waiting, candidates: Candidates, chosen: number | undefined): OfferWhy {
  const { item, queue, match, priority, since, personal } = waiting
  const { selection } = queue.rules
  const agentId = chosen === undefined ? undefined : state.agents.agents[chosen]?.id
  return {
    ring: match.ring,
    selection,
    order: { priority, since, personal },
    candidates: candidates.count,
    chosen:
      chosen === undefined || agentId === undefined
        ? null
        : { agentId, keys: { ...keysOf(chosen, item, selection, state.agents, state.seats) } },
    excluded: exclusionsOf(state, waiting, candidates),
  }
}
