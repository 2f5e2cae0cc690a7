import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import type { Actor } from '../../wire/words.ts'
import type { ServiceContext } from '../context.ts'
import { appendLine } from './append-message.ts'
import { lockedConversation } from './locked-conversation.ts'
import { moveConversation } from './move-conversation.ts'

/** Nobody snoozes for longer; it would be forgotten. */
const maxSnoozeMs = 366 * 86_400_000

/**
 * Puts a conversation aside until an instant or the customer's next message.
 * @param until epoch ms, ahead and within a year.
 * @throws AppError 'invalid_input', 'not_found', 'forbidden', 'conflict'.
 */
export async function snoozeConversation(ctx: ServiceContext, viewer: Viewer, conversationId: string, until: number): Promise<void> {
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    if (until <= now || until > now + maxSnoozeMs) {
      const message = 'Choose a time ahead, within a year.'
      throw new AppError('invalid_input', message, { fields: [{ path: 'until', message }] })
    }
    const actor: Actor = { type: 'agent', id: viewer.agentId }
    const row = await lockedConversation(tx, viewer, 'conversation.assign', conversationId, now)
    await moveConversation(tx, row, { event: { type: 'snooze' }, actor, now, until })
    await appendLine(tx, row, actor, now, 'conversation.snoozed', { until })
    tx.afterCommit(
      () => void ctx.jobs.add('snooze.end', { conversationId }, { key: conversationId, delayMs: until - now }).catch(() => undefined),
    )
  })
}
