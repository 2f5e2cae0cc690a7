import { queueSettings } from '../../../db/queries/queues.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import type { Actor } from '../../wire/words.ts'
import type { ServiceContext } from '../context.ts'
import { hasRoom } from '../routing/agent-room.ts'
import { appendLine } from './append-message.ts'
import { lockedConversation } from './locked-conversation.ts'
import { moveConversation } from './move-conversation.ts'

/**
 * Ends the contact. It goes to wrap-up, where its slot stays taken until that is done (a parked one takes a slot again
 * where there is room for it); where the queue
 * has no wrap-up time and asks for no disposition, it is resolved at once.
 * @throws AppError 'not_found', 'forbidden', 'conflict' when nobody is at work on it.
 */
export async function finishConversation(ctx: ServiceContext, viewer: Viewer, conversationId: string): Promise<void> {
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const actor: Actor = { type: 'agent', id: viewer.agentId }
    const row = await lockedConversation(tx, viewer, 'conversation.assign', conversationId, now)
    const { wrapUpMs, dispositionRequired } = await queueSettings(tx, row.queueId)
    if (row.status === 'active' && (wrapUpMs > 0 || dispositionRequired)) {
      const roomAtAssignee = row.parkedAt !== null && row.assigneeId !== null && (await hasRoom(tx, row.assigneeId, row.channel))
      await moveConversation(tx, row, { event: { type: 'wrap_up_started', roomAtAssignee }, actor, now, until: now + wrapUpMs })
      const delayMs = wrapUpMs
      tx.afterCommit(() => void ctx.jobs.add('wrap-up.end', { conversationId }, { key: conversationId, delayMs }).catch(() => undefined))
      return
    }
    await moveConversation(tx, row, { event: { type: 'resolve' }, actor, now })
    await appendLine(tx, row, actor, now, 'conversation.resolved')
  })
}
