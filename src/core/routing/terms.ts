import type { QueueSettings } from '../../wire/queues.ts'
import type { ChannelId } from '../../wire/words.ts'
import type { AgentUntil } from './snapshot.ts'

/** Who served a contact before. */
export interface PastService {
  readonly lastAgentId: string | null
  /** The agent responsible for the contact or the thread. */
  readonly ownerId: string | null
}

/**
 * The agent a contact who comes back is asked for first, and until when; null = anybody. Routing keeps to them only while they are
 * available, so that nobody sticks to someone who is offline.
 */
export function stickyAgent({ sticky }: Pick<QueueSettings, 'sticky'>, past: PastService, at: number): AgentUntil | null {
  const agentId = sticky.to === 'none' ? null : sticky.to === 'owner' ? (past.ownerId ?? past.lastAgentId) : past.lastAgentId
  return agentId === null || sticky.forMs === 0 ? null : { agentId, until: at + sticky.forMs }
}

/** Why a decline is not taken, in a sentence; null = it is. */
export function declineRefusal(
  settings: Pick<QueueSettings, 'declineReasons' | 'declineReasonRequired'>,
  reason: string | null,
): string | null {
  const given = reason?.trim() ?? ''
  if (given === '') return settings.declineReasonRequired ? 'A reason for declining is needed.' : null
  const { declineReasons } = settings
  if (declineReasons.length === 0 || declineReasons.includes(given)) return null
  return 'This reason is none of those the queue knows.'
}

/** Those to be passed over after one more decline or expiry: earlier ones still in force, and this agent for the queue's time. */
export function avoidAfter(
  avoid: readonly AgentUntil[],
  agentId: string,
  { avoidMs }: Pick<QueueSettings, 'avoidMs'>,
  at: number,
): readonly AgentUntil[] {
  const others = avoid.filter((one) => one.agentId !== agentId && one.until > at)
  return avoidMs === 0 ? others : [...others, { agentId, until: at + avoidMs }]
}

/** Whether an offer counts as accepted as soon as it is made. */
export function acceptsByItself(agent: { readonly autoAccept: readonly ChannelId[] }, channel: ChannelId): boolean {
  return agent.autoAccept.includes(channel)
}

/** When `not_responding` ends by itself, epoch ms; null = only the agent ends it. */
export function notRespondingEndsAt(since: number, settings: { readonly notRespondingMs: number | null }): number | null {
  return settings.notRespondingMs === null ? null : since + settings.notRespondingMs
}
