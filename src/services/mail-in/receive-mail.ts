import type { InboundMail } from '../../../channels/contract.ts'
import { isUniqueViolation } from '../../../db/portable.ts'
import { insertMail, mailByContent } from '../../../db/queries/incoming-mails.ts'
import type { Tx } from '../../../db/store.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'
import { type InboundMessage, RepeatedMessage, receiveMessage } from '../conversations/receive-message.ts'
import { applyReports } from './apply-reports.ts'
import { fileQuietly } from './file-quietly.ts'
import { findThread } from './find-thread.ts'

/** A message that is a mail. */
export type MailMessage = InboundMessage & { readonly mail: InboundMail }

/**
 * Takes a mail in: reports change the delivery state of what they are about; automatic mail is kept without asking anybody
 * to act; everything else is a customer's message in the conversation it continues, or in a new one.
 * @throws RepeatedMessage when this very mail is here, through this inbox or another; roll back to the savepoint.
 */
export async function receiveMail(tx: Tx, ctx: ServiceContext, inbox: OpenInbox, item: MailMessage, deliveryId: string): Promise<void> {
  const { mail } = item
  if ((await mailByContent(tx, { contentHash: mail.contentHash })).length > 0) throw new RepeatedMessage()
  if (await applyReports(tx, ctx, inbox, mail.reports)) return
  const author = mail.head.from?.address ?? null
  const thread = await findThread(tx, inbox.id, mail, author)
  const wrote = item.party.address
  const threaded: MailMessage = {
    ...item,
    threadKey: thread?.conversation.threadKey ?? item.threadKey,
    ...(thread === null || thread.address === wrote ? {} : { authorName: item.party.displayName ?? wrote }),
  }
  const { id, conversationId } =
    item.quiet === true
      ? await fileQuietly(tx, ctx, inbox, threaded, thread?.conversation ?? null, deliveryId)
      : await receiveMessage(tx, ctx, inbox, threaded, deliveryId)
  try {
    await insertMail(tx, {
      messageId: id,
      conversationId,
      inboxId: inbox.id,
      internetId: mail.head.messageId,
      references: [...mail.references],
      participants: [...mail.participants],
      contentHash: mail.contentHash,
      html: mail.html,
      createdAt: ctx.clock.now(),
    })
  } catch (error) {
    if (isUniqueViolation(error, ['content_hash'])) throw new RepeatedMessage()
    throw error
  }
}
