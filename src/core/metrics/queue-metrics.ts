import { type QueueOutcome, type QueueStay, queueOutcomeSchema } from '../../wire/metrics.ts'
import { type Distribution, distributionOf, shareOf } from './distribution.ts'

/** The figures of a queue, or of several together. Times are milliseconds, shares 0–1, null = nothing to compute it from. */
export interface QueueMetrics {
  /** Stays that ended in each way; each stay in exactly one. */
  readonly outcomes: Readonly<Record<QueueOutcome, number>>
  /** Stays that ended. */
  readonly ended: number
  /** Still waiting, shown apart. */
  readonly waiting: number
  readonly serviceLevel: number | null
  /** The same with short abandonments counted as lost. */
  readonly serviceLevelStrict: number | null
  /** The same of the answered alone. */
  readonly serviceLevelAnswered: number | null
  readonly abandonRate: number | null
  /** Queue time of the answered; the mean of it is the ASA. */
  readonly answerTime: Distribution
  /** Queue time of those who gave up. */
  readonly abandonTime: Distribution
}

/**
 * The figures of stays. A stay belongs to the time in which it ended; pick them accordingly.
 * @param serviceLevelMs answered within this counts, the limit included.
 */
export function queueMetrics(stays: readonly QueueStay[], serviceLevelMs: number): QueueMetrics {
  const outcomes = Object.fromEntries(queueOutcomeSchema.options.map((outcome) => [outcome, 0])) as Record<QueueOutcome, number>
  const answeredMs: number[] = []
  const abandonedMs: number[] = []
  let waiting = 0
  for (const { outcome, enteredAt, leftAt } of stays) {
    if (outcome === null || leftAt === null) {
      waiting += 1
      continue
    }
    outcomes[outcome] += 1
    if (outcome === 'answered') answeredMs.push(leftAt - enteredAt)
    if (outcome === 'abandoned') abandonedMs.push(leftAt - enteredAt)
  }
  const within = answeredMs.filter((ms) => ms <= serviceLevelMs).length
  const { answered, abandoned, short_abandoned: short } = outcomes
  return {
    outcomes,
    ended: stays.length - waiting,
    waiting,
    serviceLevel: shareOf(within, answered + abandoned),
    serviceLevelStrict: shareOf(within, answered + abandoned + short),
    serviceLevelAnswered: shareOf(within, answered),
    abandonRate: shareOf(abandoned, answered + abandoned),
    answerTime: distributionOf(answeredMs),
    abandonTime: distributionOf(abandonedMs),
  }
}

/** How a wait that ended without an answer is told apart: given up within the short time, or after it. */
export function abandonOutcome(waitedMs: number, shortAbandonMs: number): 'abandoned' | 'short_abandoned' {
  return waitedMs <= shortAbandonMs ? 'short_abandoned' : 'abandoned'
}
