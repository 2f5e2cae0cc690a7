import type { AgentIndex } from './agent-index.ts'
import type { Bits } from './bits.ts'
import type { Seats } from './seats.ts'

/** What a pass over the line works with: who is where, what they hold, and room to reckon in. */
export interface RoutingState {
  readonly now: number
  readonly agents: AgentIndex
  readonly seats: Seats
  /** The empty set; never written to. */
  readonly nobody: Bits
  /** Sets that each item's turn writes anew. */
  readonly scratch: { readonly pool: Bits; readonly eligible: Bits }
}
