import { eq } from 'drizzle-orm'
import type { Meter } from '../../../channels/contract.ts'
import type { ConversationRow } from '../../../db/queries/conversations.ts'
import type { MessageRow } from '../../../db/queries/messages.ts'
import { heldItems, type OutboxRow, updateOutbox } from '../../../db/queries/outbox.ts'
import type { Tx } from '../../../db/store.ts'
import { type Hold, holdOf } from '../../core/quota/forecast.ts'
import type { SendError } from '../../wire/messages.ts'
import { quotaStanding } from '../quota/quota-of.ts'
import { setDelivery } from './set-delivery.ts'

/** How long a message waits for approval, or for the customer, before it is given up. */
const holdForMs: Readonly<Record<Hold, number>> = { approval: 24 * 3_600_000, customer: 7 * 24 * 3_600_000 }

const waiting: Readonly<Record<Hold, SendError>> = {
  approval: { code: 'needs_approval', detail: 'It would be counted and the plan is nearly used up; a supervisor must allow it.' },
  customer: {
    code: 'deferred',
    detail: 'It would be counted and the plan is nearly used up; it goes out, free of charge, when the customer writes.',
  },
}

const givenUp: Readonly<Record<Hold, SendError>> = {
  approval: { code: 'not_approved', detail: 'Nobody allowed what it costs within a day.' },
  customer: { code: 'not_deferred', detail: 'The customer did not write within a week; it would be counted.' },
}

/**
 * Keeps back an item that would cost what its account has hardly any left of, as the account's policy says.
 * @returns whether it may not be sent now.
 */
export async function holdBack(
  tx: Tx,
  meter: Meter,
  { item, message, conversation }: { item: OutboxRow; message: MessageRow; conversation: ConversationRow },
  now: number,
): Promise<boolean> {
  if (meter.whenLow === 'warn') return false
  const { inboxes } = tx.t
  const [inbox] = await tx.db.select({ quota: inboxes.quota }).from(inboxes).where(eq(inboxes.id, item.inboxId))
  const { level } = quotaStanding(inbox?.quota ?? null, meter, now)
  const free = conversation.replyToken !== null && (conversation.replyTokenExpiresAt ?? 0) > now && meter.repliesFree
  const hold = holdOf(level, meter.whenLow, { free, approved: item.approvedBy !== null })
  if (hold === null) return false
  const until = item.createdAt + holdForMs[hold]
  if (now >= until) await settle(tx, item, message, { status: 'failed', error: givenUp[hold], hold: null, nextAttemptAt: null }, now)
  else if (item.hold !== hold || item.nextAttemptAt !== until)
    await settle(tx, item, message, { status: 'queued', error: waiting[hold], hold, nextAttemptAt: until }, now)
  return true
}

async function settle(
  tx: Tx,
  item: OutboxRow,
  message: MessageRow,
  ending: Pick<OutboxRow, 'status' | 'error' | 'hold' | 'nextAttemptAt'>,
  now: number,
): Promise<void> {
  const won = await updateOutbox(tx, item.id, { status: item.status, leaseToken: item.leaseToken }, { ...ending, updatedAt: now })
  if (won) await setDelivery(tx, message, ending.status, ending.error, now)
}

/** Makes what waits for the customer due, now that they have written; tells whether anything did. */
export async function wakeHeld(tx: Tx, conversationId: string, now: number): Promise<boolean> {
  const held = await heldItems(tx, { conversationId })
  for (const { id } of held) await updateOutbox(tx, id, { status: 'queued', leaseToken: null }, { nextAttemptAt: now, updatedAt: now })
  return held.length > 0
}
