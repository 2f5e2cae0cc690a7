import { lockConversation } from '../../../db/queries/conversations.ts'
import { parkAt } from '../../core/capacity/parking.ts'
import type { ServiceContext } from '../context.ts'
import { moveConversation } from './move-conversation.ts'

/** Frees the slot of a conversation that waits for its customer beyond the channel's idle time. */
export async function parkConversation(ctx: ServiceContext, conversationId: string): Promise<void> {
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const [row] = await lockConversation(tx, { id: conversationId, now })
    if (row === undefined || row.status !== 'active' || row.awaiting !== 'customer' || row.parkedAt !== null) return
    const { parkAfterMs } = ctx.inboxes.channel(row.channel).capabilities
    const due = parkAt(row.channel, row.lastMessageAt, { [row.channel]: parkAfterMs })
    if (due === null || due > now) return
    await moveConversation(tx, row, { event: { type: 'park' }, actor: { type: 'system', id: 'parking' }, now })
  })
}
