import { lockConversation } from '../../../db/queries/conversations.ts'
import type { Actor } from '../../wire/words.ts'
import type { ServiceContext } from '../context.ts'
import { appendLine } from './append-message.ts'
import { moveConversation } from './move-conversation.ts'

const actor: Actor = { type: 'system', id: 'snooze' }

/** Puts a conversation whose snooze is over back into its queue, for the agent who had it first. */
export async function wakeConversation(ctx: ServiceContext, conversationId: string): Promise<void> {
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const [row] = await lockConversation(tx, { id: conversationId, now })
    if (row === undefined || row.status !== 'snoozed' || (row.snoozedUntil ?? now) > now) return
    await moveConversation(tx, row, { event: { type: 'wake' }, actor, now })
    await appendLine(tx, row, actor, now, 'conversation.woken')
  })
}
