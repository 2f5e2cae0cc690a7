import type { ConversationRow } from '../../../db/queries/conversations.ts'
import { queueSettings } from '../../../db/queries/queues.ts'
import { onDutyOf } from '../../../db/queries/waiting.ts'
import type { Tx } from '../../../db/store.ts'
import { isOpenAt } from '../../core/calendars/work-time.ts'
import { admit } from '../../core/waiting/admission.ts'
import { openHoursOf } from '../calendars/open-hours-of.ts'
import type { ServiceContext } from '../context.ts'
import { actOnWaiting } from './act-on-waiting.ts'
import { sizeOf, waitInQueue } from './estimate-wait.ts'

const actor = { type: 'system', id: 'admission' } as const

/**
 * Asks a conversation's queue, once, whether it takes it in, and does what the queue answers where it does not. A queue without
 * answers takes everybody. Called when a conversation has begun, in its transaction.
 */
export async function admitNewcomer(tx: Tx, ctx: ServiceContext, row: ConversationRow, now: number): Promise<void> {
  const settings = await queueSettings(tx, row.queueId)
  if (Object.keys(settings.admission.answers).length === 0) return
  const hours = await openHoursOf(tx, settings.calendarId)
  const moment = {
    open: hours === null || isOpenAt(hours, now),
    onDuty: await onDutyOf(
      tx,
      row.queueId,
      settings.groups.map(({ groupId }) => groupId),
      now,
    ),
    waiting: Math.max(0, (await sizeOf(tx, row.queueId)) - 1),
    expectedWaitMs: (await waitInQueue(tx, row, now)).expectedMs,
  }
  const verdict = admit(settings, moment)
  if (verdict.admitted || verdict.action === null) return
  const outcome = verdict.reason === 'closed' ? 'closed' : 'blocked'
  await actOnWaiting(tx, ctx, row, verdict.action, { actor, outcome, now })
}
