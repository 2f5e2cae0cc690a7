import type { QueueStay, Segment } from '../../wire/metrics.ts'
import type { AgentState, OfferStatus } from '../../wire/words.ts'

/** A stretch an agent spent in one state. Instants are epoch milliseconds; `to` null = still. */
export interface AgentTime {
  readonly agentId: string
  readonly state: AgentState
  readonly from: number
  readonly to: number | null
}

/** An offer and how it ended. */
export interface OfferFact {
  readonly agentId: string
  readonly queueId: string
  readonly status: OfferStatus
  readonly createdAt: number
}

/** A conversation's answers, by people only. */
export interface ConversationFact {
  readonly conversationId: string
  /** The first customer message. */
  readonly firstCustomerAt: number | null
  /** The end of the bot's part, where one answered first. */
  readonly handedOffAt: number | null
  readonly firstResponseAt: number | null
  readonly resolvedAt: number | null
  readonly reopened: boolean
}

/** What every figure is computed from, and for which stretch of time. */
export interface MetricFacts {
  readonly from: number
  readonly to: number
  /** The instant it is looked at; what has not ended counts up to here. */
  readonly now: number
  readonly stays: readonly QueueStay[]
  readonly segments: readonly Segment[]
  readonly agentTimes: readonly AgentTime[]
  readonly offers: readonly OfferFact[]
  readonly conversations: readonly ConversationFact[]
  /** Answered within this counts for the service level. */
  readonly serviceLevelMs: number
}

/** Time a stretch has within a window; an end that is open counts up to `now`. */
export function overlapMs(
  from: number,
  to: number | null,
  { from: start, to: end, now }: Pick<MetricFacts, 'from' | 'to' | 'now'>,
): number {
  return Math.max(0, Math.min(to ?? now, end, now) - Math.max(from, start))
}

/** Stretches united: where several lie over each other their time counts once. In order. */
export function union(
  spans: readonly { readonly from: number; readonly to: number }[],
): readonly { readonly from: number; readonly to: number }[] {
  const united: { from: number; to: number }[] = []
  for (const { from, to } of spans.filter((span) => span.to > span.from).toSorted((a, b) => a.from - b.from)) {
    const last = united.at(-1)
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to)
    else united.push({ from, to })
  }
  return united
}
