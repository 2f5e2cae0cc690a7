import type { AdmissionReason, QueueAction, QueueSettings } from '../../wire/queues.ts'

/** A queue at the moment somebody comes to it. */
export interface QueueMoment {
  readonly open: boolean
  /** Agents logged in who serve it. */
  readonly onDuty: number
  readonly waiting: number
  /** The likely wait of a newcomer; null = not known. */
  readonly expectedWaitMs: number | null
}

/** Whether somebody is taken in; `action` null = the queue says nothing about it, so they wait all the same. */
export type Admission =
  | { readonly admitted: true }
  | { readonly admitted: false; readonly reason: AdmissionReason; readonly action: QueueAction | null }

/**
 * Whether a queue takes somebody in, asked once on entry. Whoever finds nobody before them and somebody on duty is always taken in
 * while it is open. The first reason that holds counts: closed, nobody on duty, queue full, wait too long, too many per agent.
 */
export function admit({ admission }: Pick<QueueSettings, 'admission'>, moment: QueueMoment): Admission {
  const reason = reasonAgainst(admission, moment)
  return reason === null ? { admitted: true } : { admitted: false, reason, action: admission.answers[reason] ?? null }
}

function reasonAgainst(limits: QueueSettings['admission'], { open, onDuty, waiting, expectedWaitMs }: QueueMoment): AdmissionReason | null {
  if (!open) return 'closed'
  if (onDuty === 0) return 'nobody_on_duty'
  if (waiting === 0) return null
  if (limits.maxWaiting !== null && waiting >= limits.maxWaiting) return 'queue_full'
  if (limits.maxExpectedWaitMs !== null && expectedWaitMs !== null && expectedWaitMs > limits.maxExpectedWaitMs) return 'wait_too_long'
  if (limits.maxWaitingPerAgent !== null && (waiting + 1) / onDuty > limits.maxWaitingPerAgent) return 'too_many_per_agent'
  return null
}
