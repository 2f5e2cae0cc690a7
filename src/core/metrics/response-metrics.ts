import { type Distribution, distributionOf, shareOf } from './distribution.ts'
import type { ConversationFact } from './facts.ts'

/** The figures of conversations. Times are milliseconds, shares 0–1. */
export interface ResponseMetrics {
  readonly conversations: number
  /** From the first customer message to the first human answer. */
  readonly firstResponse: Distribution
  /** The same from the end of the bot's part, where there was one. */
  readonly firstResponseAfterBot: Distribution
  /** Asked and never answered by a person; shown apart, not dropped. */
  readonly neverAnswered: number
  /** From the first customer message to the end. */
  readonly resolution: Distribution
  readonly reopenRate: number | null
}

/** The figures of conversations that the facts tell of. */
export function responseMetrics(conversations: readonly ConversationFact[]): ResponseMetrics {
  const asked = conversations.filter(({ firstCustomerAt }) => firstCustomerAt !== null)
  const answered = asked.filter(({ firstResponseAt }) => firstResponseAt !== null)
  const since = (from: number | null, to: number | null): number[] => (from === null || to === null ? [] : [Math.max(0, to - from)])
  return {
    conversations: conversations.length,
    firstResponse: distributionOf(answered.flatMap((one) => since(one.firstCustomerAt, one.firstResponseAt))),
    firstResponseAfterBot: distributionOf(answered.flatMap((one) => since(one.handedOffAt ?? one.firstCustomerAt, one.firstResponseAt))),
    neverAnswered: asked.filter(({ firstResponseAt, resolvedAt }) => firstResponseAt === null && resolvedAt !== null).length,
    resolution: distributionOf(conversations.flatMap((one) => since(one.firstCustomerAt, one.resolvedAt))),
    reopenRate: shareOf(
      conversations.filter(({ reopened }) => reopened).length,
      conversations.filter(({ resolvedAt }) => resolvedAt !== null).length,
    ),
  }
}
