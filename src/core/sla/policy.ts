import type { EntryFacts } from '../../wire/conditions.ts'
import type { SlaPolicy, SlaTarget, TargetTime } from '../../wire/sla-policies.ts'
import { inOrder } from '../classification/classify.ts'
import { evaluateCondition, type IsOpen } from '../classification/condition.ts'

/** A policy as matching needs it. */
export type PolicyToMatch = Omit<SlaPolicy, 'updatedAt'>

/** The first enabled policy from the top whose condition holds; null = nothing is promised. */
export function policyFor(policies: readonly PolicyToMatch[], facts: EntryFacts, isOpen: IsOpen): PolicyToMatch | null {
  return inOrder(policies).find(({ settings }) => evaluateCondition(settings.when, facts, isOpen).holds) ?? null
}

/** What a clock goes by. */
export interface ClockTerms {
  readonly policyId: string | null
  readonly time: 'working' | 'wall'
  /** The calendar of working time. */
  readonly calendarId: string | null
  readonly targetMs: number
  readonly warnBeforeMs: number | null
}

/**
 * What is promised for one target at a priority; null = nothing.
 * @param queueFirstResponseMs the queue's own first-response time, which counts where no policy matches.
 */
export function termsFor(
  policy: PolicyToMatch | null,
  target: SlaTarget,
  priority: number,
  queueFirstResponseMs: number | null,
): ClockTerms | null {
  if (policy === null) {
    if (target !== 'first_response' || queueFirstResponseMs === null) return null
    return { policyId: null, time: 'wall', calendarId: null, targetMs: queueFirstResponseMs, warnBeforeMs: null }
  }
  const { targets, time, calendarId, warnBeforeMs } = policy.settings
  const promised = targets[target]
  return promised === undefined ? null : { policyId: policy.id, time, calendarId, targetMs: targetMsAt(promised, priority), warnBeforeMs }
}

/** The time for a priority: its own, else that of the nearest lower one that is named, else the general one. */
export function targetMsAt({ ms, byPriority }: TargetTime, priority: number): number {
  const entries = Object.entries(byPriority).filter(([named, value]) => Number(named) <= priority && value !== undefined)
  const nearest = entries.toSorted(([a], [b]) => Number(b) - Number(a))[0]
  return nearest?.[1] ?? ms
}
