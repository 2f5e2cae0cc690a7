import type { QueueAction, QueueSettings, WaitingStep } from '../../wire/queues.ts'

/** An item in line as its queue's steps see it. */
export interface WaitingPlace {
  /** Entered its present queue, epoch ms. */
  readonly queuedAt: number
  /** Steps taken in this stay. */
  readonly taken: number
}

/** The next step of those that wait, and when it is due; null = none is left. */
export function nextWaitingStep(
  settings: Pick<QueueSettings, 'whileWaiting'>,
  { queuedAt, taken }: WaitingPlace,
): { step: WaitingStep; dueAt: number } | null {
  const step = stepsInOrder(settings)[taken]
  return step === undefined ? null : { step, dueAt: queuedAt + step.afterMs }
}

/** The steps by their time; of one time, as they are listed. */
export function stepsInOrder({ whileWaiting }: Pick<QueueSettings, 'whileWaiting'>): readonly WaitingStep[] {
  return whileWaiting.toSorted((a, b) => a.afterMs - b.afterMs)
}

/** What befalls those who wait when their queue's hours close or its last agent leaves. */
export type QueueTurn = 'closed' | 'emptied'

/** What the queue does with those who still wait; null = they go on waiting, their place kept. */
export function actionOnTurn(settings: Pick<QueueSettings, 'onClosing' | 'onEmptied'>, turn: QueueTurn): QueueAction | null {
  return turn === 'closed' ? settings.onClosing : settings.onEmptied
}

/** Whether an action takes an item out of its queue. */
export function leavesQueue({ kind }: QueueAction): boolean {
  return kind === 'queue' || kind === 'close' || kind === 'voicemail'
}
