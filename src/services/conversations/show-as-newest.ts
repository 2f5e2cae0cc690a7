import { and, eq, gt, ne } from 'drizzle-orm'
import { type ConversationRow, updateConversation } from '../../../db/queries/conversations.ts'
import type { MessageRow } from '../../../db/queries/messages.ts'
import type { Tx } from '../../../db/store.ts'

/** Changes what lists show of a conversation, when the message is the newest they show: lines of ours do not count. */
export async function showAsNewest(
  tx: Tx,
  { conversationId, ordinal }: Pick<MessageRow, 'conversationId' | 'ordinal'>,
  preview: NonNullable<ConversationRow['preview']>,
): Promise<void> {
  const { messages: m } = tx.t
  const [newer] = await tx.db
    .select({ id: m.id })
    .from(m)
    .where(and(eq(m.conversationId, conversationId), gt(m.ordinal, ordinal), ne(m.direction, 'system')))
    .limit(1)
  if (newer === undefined) await updateConversation(tx, conversationId, { preview })
}
