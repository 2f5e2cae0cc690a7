import type { Inbound } from '../../../channels/contract.ts'
import type { Tx } from '../../../db/store.ts'
import { applyReachability } from '../contacts/apply-reachability.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'
import { editMessage } from '../conversations/edit-message.ts'
import { receiveLine } from '../conversations/receive-line.ts'
import { receiveMessage } from '../conversations/receive-message.ts'
import { unsendMessage } from '../conversations/unsend-message.ts'
import { noteAccountNews } from '../inboxes/note-account-news.ts'
import { applyReceipt } from '../outbox/apply-receipt.ts'

/** Does what one item of the payload in ledger row `deliveryId` asks for, inside the ledger's transaction. */
export async function applyInbound(tx: Tx, ctx: ServiceContext, inbox: OpenInbox, item: Inbound, deliveryId: string): Promise<void> {
  switch (item.type) {
    case 'message':
      return receiveMessage(tx, ctx, inbox, item, deliveryId)
    case 'edited':
      return editMessage(tx, ctx, inbox, item)
    case 'unsent':
      return unsendMessage(tx, ctx, inbox, item)
    case 'reachability':
      return applyReachability(tx, ctx, inbox, item)
    case 'receipt':
      return applyReceipt(tx, ctx, inbox, item)
    case 'system':
      return receiveLine(tx, ctx, inbox, item)
    case 'account':
      return noteAccountNews(tx, ctx, inbox, item)
  }
}
