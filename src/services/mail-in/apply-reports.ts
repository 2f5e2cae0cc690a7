import type { MailReport } from '../../../channels/contract.ts'
import { mailsByInternetIds } from '../../../db/queries/incoming-mails.ts'
import { type MessageRow, messageById } from '../../../db/queries/messages.ts'
import { outboxByMessage, updateOutbox } from '../../../db/queries/outbox.ts'
import type { Tx } from '../../../db/store.ts'
import { reportOutbox } from '../../core/lifecycle/outbox.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'
import { appendLine } from '../conversations/append-message.ts'
import { setDelivery } from '../outbox/set-delivery.ts'

/**
 * Takes reports on mail of ours into the delivery states of those mails, failures with the server's reason in words. A
 * report counts only for a mail that this inbox sent to that recipient: anybody can write a report.
 * @returns whether all of them were about mail of ours, so that nothing else is to be kept of them.
 */
export async function applyReports(tx: Tx, ctx: ServiceContext, inbox: OpenInbox, reports: readonly MailReport[]): Promise<boolean> {
  let ours = 0
  for (const report of reports) if (await applyReport(tx, ctx, inbox, report)) ours += 1
  return reports.length > 0 && ours === reports.length
}

async function applyReport(tx: Tx, ctx: ServiceContext, inbox: OpenInbox, report: MailReport): Promise<boolean> {
  const found = await mailsByInternetIds(tx, inbox.id, [report.messageId], 10)
  const sent = found.find(({ direction }) => direction === 'out')
  if (sent === undefined) return false
  const [message] = await messageById(tx, { id: sent.messageId })
  if (message?.delivery == null || !wasSentTo(message, report.recipient)) return false
  const now = ctx.clock.now()
  if (report.outcome === 'delayed') {
    await tellDelay(tx, message, report, now)
    return true
  }
  const step = reportOutbox(message.delivery, report.outcome)
  if (!step.ok) return true
  const [out] = await outboxByMessage(tx, { messageId: message.id })
  if (out !== undefined) {
    await updateOutbox(
      tx,
      out.id,
      { status: out.status, leaseToken: out.leaseToken },
      { status: step.next, nextAttemptAt: null, updatedAt: now },
    )
  }
  await setDelivery(tx, message, step.next, step.next === 'failed' ? report.error : null, now)
  return true
}

/** A report that names no recipient is believed where there was one alone. */
function wasSentTo({ mail }: MessageRow, recipient: string | null): boolean {
  const all = [...(mail?.to ?? []), ...(mail?.cc ?? []), ...(mail?.bcc ?? [])].map(({ address }) => address)
  return recipient === null ? all.length === 1 : all.includes(recipient)
}

async function tellDelay(tx: Tx, message: MessageRow, { recipient, error }: MailReport, now: number): Promise<void> {
  await appendLine(tx, { id: message.conversationId, inboxId: message.inboxId }, { type: 'system', id: 'mail' }, now, 'mail.delayed', {
    recipient: recipient ?? '',
    reason: error?.provider?.message ?? '',
  })
}
