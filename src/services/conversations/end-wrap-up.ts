import { lockConversation, updateConversation } from '../../../db/queries/conversations.ts'
import { queueSettings } from '../../../db/queries/queues.ts'
import type { Actor } from '../../wire/words.ts'
import type { ServiceContext } from '../context.ts'
import { appendLine } from './append-message.ts'
import { moveConversation } from './move-conversation.ts'

const actor: Actor = { type: 'system', id: 'wrap_up' }

/**
 * Resolves a conversation whose wrap-up time is over. Where the queue requires a disposition it stays with
 * its agent, slot and all, until they give one.
 */
export async function endWrapUp(ctx: ServiceContext, conversationId: string): Promise<void> {
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const [row] = await lockConversation(tx, { id: conversationId, now })
    if (row === undefined || row.status !== 'wrap_up' || (row.wrapUpUntil ?? now) > now) return
    const { dispositionRequired } = await queueSettings(tx, row.queueId)
    if (dispositionRequired) {
      // It waits for a person from now on: no deadline, so that the sweep does not find it again and again.
      await updateConversation(tx, row.id, { wrapUpUntil: null })
      tx.append({
        type: 'conversation.changed',
        at: now,
        actorType: actor.type,
        actorId: actor.id,
        conversationId: row.id,
        subjectId: row.id,
        data: { what: 'wrap_up_overdue' },
      })
      return
    }
    await moveConversation(tx, row, { event: { type: 'wrap_up_done' }, actor, now })
    await appendLine(tx, row, actor, now, 'conversation.resolved')
  })
}
