import type { Inbound } from '../../../channels/contract.ts'
import { conversationById, newestOfThread } from '../../../db/queries/conversations.ts'
import type { Tx } from '../../../db/store.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'
import { appendLine } from './append-message.ts'

/**
 * Puts a neutral line into the thread's live conversation: somebody joined, a beacon, a kind we do not know.
 * Where no conversation is open it stays in the ledger alone: such news is nobody's work.
 */
export async function receiveLine(
  tx: Tx,
  ctx: ServiceContext,
  inbox: OpenInbox,
  item: Extract<Inbound, { type: 'system' }>,
): Promise<void> {
  const [newest] = await newestOfThread(tx, { inboxId: inbox.id, threadKey: item.threadKey })
  if (newest === undefined || newest.status === 'resolved') return
  const [live] = await conversationById(tx, { id: newest.id })
  if (live === undefined) return
  await appendLine(tx, live, { type: 'contact', id: live.contactId }, ctx.clock.now(), item.code, { ...item.params })
}
