import type { Inbound } from '../../../channels/contract.ts'
import type { Tx } from '../../../db/store.ts'
import { applyReachability } from '../contacts/apply-reachability.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'
import { emptyDeliveries } from '../conversations/early-news.ts'
import { editMessage } from '../conversations/edit-message.ts'
import { receiveLine } from '../conversations/receive-line.ts'
import { RepeatedMessage, receiveMessage, WithdrawnMessage } from '../conversations/receive-message.ts'
import { unsendMessage } from '../conversations/unsend-message.ts'
import { noteAccountNews } from '../inboxes/note-account-news.ts'
import { applyLinked } from '../links/account-links.ts'
import { receiveMail } from '../mail-in/receive-mail.ts'
import { applyReceipt } from '../outbox/apply-receipt.ts'
import { noteMembers } from '../threads/note-members.ts'

/** What became of a payload's items; `withdrawn`: among them is a message that had been taken back already. */
export type Applied = 'processed' | 'duplicate' | 'withdrawn'

/**
 * Does what the items of the payload in ledger row `deliveryId` ask for, inside the ledger's transaction: all of them or,
 * when one throws, none. Items that are here already are passed over.
 * @returns `duplicate` when that is all of them.
 */
export async function applyItems(
  tx: Tx,
  ctx: ServiceContext,
  inbox: OpenInbox,
  items: readonly Inbound[],
  deliveryId: string,
): Promise<Applied> {
  const [first, ...more] = items
  if (first === undefined) return 'processed'
  if (more.length === 0) return applyItem(tx, ctx, inbox, first, deliveryId)
  return tx.savepoint(async (inner) => {
    const outcomes: Applied[] = []
    for (const item of items) outcomes.push(await applyItem(inner, ctx, inbox, item, deliveryId))
    if (outcomes.includes('withdrawn')) return 'withdrawn'
    return outcomes.includes('processed') ? 'processed' : 'duplicate'
  })
}

/** One item in a savepoint of its own. */
async function applyItem(tx: Tx, ctx: ServiceContext, inbox: OpenInbox, item: Inbound, deliveryId: string): Promise<Applied> {
  try {
    await tx.savepoint((inner) => applyInbound(inner, ctx, inbox, item, deliveryId))
    return 'processed'
  } catch (error) {
    if (error instanceof RepeatedMessage) return 'duplicate'
    if (!(error instanceof WithdrawnMessage)) throw error
    await emptyDeliveries(tx, [deliveryId])
    return 'withdrawn'
  }
}

async function applyInbound(tx: Tx, ctx: ServiceContext, inbox: OpenInbox, item: Inbound, deliveryId: string): Promise<void> {
  switch (item.type) {
    case 'message':
      return item.mail === undefined
        ? void (await receiveMessage(tx, ctx, inbox, item, deliveryId))
        : receiveMail(tx, ctx, inbox, { ...item, mail: item.mail }, deliveryId)
    case 'edited':
      return editMessage(tx, ctx, inbox, item, deliveryId)
    case 'unsent':
      return unsendMessage(tx, ctx, inbox, item)
    case 'reachability':
      return applyReachability(tx, ctx, inbox, item)
    case 'receipt':
      return applyReceipt(tx, ctx, inbox, item)
    case 'system':
      return receiveLine(tx, ctx, inbox, item)
    case 'members':
      return noteMembers(tx, ctx, inbox, item)
    case 'linked':
      return applyLinked(tx, ctx, inbox, item)
    case 'account':
      return noteAccountNews(tx, ctx, inbox, item)
  }
}
