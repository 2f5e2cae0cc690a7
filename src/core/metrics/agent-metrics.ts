import type { Segment } from '../../wire/metrics.ts'
import { type Distribution, distributionOf, shareOf } from './distribution.ts'
import { type MetricFacts, overlapMs, union } from './facts.ts'

/** The figures of an agent, or of several together. Times are milliseconds, shares 0–1, null = nothing to compute it from. */
export interface AgentMetrics {
  readonly handled: number
  readonly transferred: number
  /** Talk, hold and wrap-up of each part that ended; the mean of it is the AHT. */
  readonly handleTime: Distribution
  /** Time with at least one contact, over that and available idle time. */
  readonly occupancy: number | null
  /** Contacts held at once, on average over the time with at least one. */
  readonly concurrency: number | null
  readonly contactsPerHour: number | null
  readonly loggedInMs: number
  readonly offers: {
    readonly made: number
    readonly accepted: number
    readonly declined: number
    readonly expired: number
    readonly withdrawn: number
  }
}

/** The figures of the facts' agents; give one agent's facts for one agent's figures. */
export function agentMetrics(facts: MetricFacts): AgentMetrics {
  const { segments, offers } = facts
  const ended = segments.filter(({ endedAt }) => endedAt !== null && endedAt >= facts.from && endedAt < facts.to)
  const times = workTimes(facts)
  const count = (status: string): number => offers.filter((offer) => offer.status === status).length
  return {
    handled: ended.length,
    transferred: ended.filter(({ transferred }) => transferred).length,
    handleTime: distributionOf(ended.map(handleMs)),
    occupancy: shareOf(times.busyMs, times.busyMs + times.idleMs),
    concurrency: shareOf(times.contactMs, times.busyMs),
    contactsPerHour: shareOf(ended.length * 3_600_000, times.loggedInMs),
    loggedInMs: times.loggedInMs,
    offers: {
      made: offers.length,
      accepted: count('accepted'),
      declined: count('declined'),
      expired: count('expired'),
      withdrawn: count('withdrawn'),
    },
  }
}

/** An agent's own time for a part: from taking it to the end of wrap-up, what was parked or snoozed taken out. */
export function handleMs({ startedAt, endedAt, parkedMs }: Segment): number {
  return endedAt === null ? 0 : Math.max(0, endedAt - startedAt - parkedMs)
}

interface WorkTimes {
  /** With at least one contact. */
  readonly busyMs: number
  /** Available without any. */
  readonly idleMs: number
  /** Sum over contacts. */
  readonly contactMs: number
  readonly loggedInMs: number
}

function workTimes(facts: MetricFacts): WorkTimes {
  const sums = { busyMs: 0, idleMs: 0, contactMs: 0, loggedInMs: 0 }
  const agentIds = new Set([...facts.segments, ...facts.agentTimes].map(({ agentId }) => agentId))
  for (const agentId of agentIds) {
    const spans = facts.segments
      .filter((segment) => segment.agentId === agentId)
      .map((segment) => within(segment.startedAt, segment.endedAt, facts))
    const busy = union(spans)
    sums.contactMs += lengthOf(spans)
    sums.busyMs += lengthOf(busy)
    for (const { state, from, to } of facts.agentTimes.filter((time) => time.agentId === agentId)) {
      const ms = overlapMs(from, to, facts)
      if (state !== 'offline') sums.loggedInMs += ms
      if (state === 'available') sums.idleMs += ms - busy.reduce((sum, span) => sum + commonMs(span, within(from, to, facts)), 0)
    }
  }
  return sums
}

interface Span {
  readonly from: number
  readonly to: number
}

function within(from: number, to: number | null, facts: MetricFacts): Span {
  const start = Math.max(from, facts.from)
  return { from: start, to: start + overlapMs(from, to, facts) }
}

function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0)
}

function commonMs(a: Span, b: Span): number {
  return Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from))
}
