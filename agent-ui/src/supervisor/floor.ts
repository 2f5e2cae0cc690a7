import type { Agent } from '../../../src/wire/agents.ts'
import type { QueueStats } from '../../../src/wire/queues.ts'
import type { AgentState, ChannelId } from '../../../src/wire/words.ts'

/** Channels in the order tables show them. */
export const channels: readonly ChannelId[] = ['phone', 'sms', 'line', 'email', 'webchat']

/** States in the order in which they want a supervisor's eye. */
export const stateOrder: readonly AgentState[] = ['not_responding', 'available', 'busy', 'wrap_up', 'away', 'offline']

/** Sums over all queues and agents, for the tiles. */
export interface Floor {
  readonly waiting: number
  readonly active: number
  readonly oldestWaitingSince: number | null
  readonly byState: Readonly<Record<AgentState, number>>
  /** Weight held and weight that could be held by those who are at work. */
  readonly held: number
  readonly capacity: number
}

/** Adds up what the event stream has told of queues and agents. Disabled accounts do not count. */
export function floorOf(stats: readonly QueueStats[], agents: readonly Agent[]): Floor {
  const present = agents.filter((a) => !a.disabled)
  const working = present.filter((a) => a.state !== 'offline')
  const since = stats.flatMap((s) => (s.oldestWaitingSince === null ? [] : [s.oldestWaitingSince]))
  const count = (state: AgentState) => present.filter((a) => a.state === state).length
  return {
    waiting: stats.reduce((sum, s) => sum + s.waiting, 0),
    active: stats.reduce((sum, s) => sum + s.active, 0),
    oldestWaitingSince: since.length === 0 ? null : Math.min(...since),
    byState: {
      available: count('available'),
      busy: count('busy'),
      away: count('away'),
      wrap_up: count('wrap_up'),
      not_responding: count('not_responding'),
      offline: count('offline'),
    },
    held: working.reduce((sum, a) => sum + a.load.weight, 0),
    capacity: working.reduce((sum, a) => sum + a.load.total, 0),
  }
}

/** Agents in the order of a supervisor's interest: state first, then who has been in it longest. */
export function byInterest(agents: readonly Agent[]): Agent[] {
  return agents
    .filter((a) => !a.disabled)
    .sort((a, b) => stateOrder.indexOf(a.state) - stateOrder.indexOf(b.state) || a.stateSince - b.stateSince)
}
