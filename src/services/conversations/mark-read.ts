import { and, eq, gt, lte } from 'drizzle-orm'
import { conversationById, updateConversation } from '../../../db/queries/conversations.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { require as requirePermission } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { lockedConversation } from './locked-conversation.ts'
import { scopeOf } from './move-conversation.ts'

/**
 * Notes how far the conversation was read; only upward, and only by its assignee (a colleague or supervisor
 * who looks does not take the unread mark away). The customer is told where the channel can.
 * @param ordinal of the newest message seen; above the newest counts as the newest.
 * @throws AppError 'not_found', 'forbidden'.
 */
export async function markRead(ctx: ServiceContext, viewer: Viewer, conversationId: string, ordinal: number): Promise<void> {
  const [seen] = await conversationById(ctx.store, { id: conversationId })
  if (seen === undefined) throw new AppError('not_found', 'There is no such conversation.')
  requirePermission(viewer, 'conversation.read', { kind: 'conversation', scope: scopeOf(seen) })
  if (seen.assigneeId !== viewer.agentId || seen.readCount >= Math.min(ordinal, seen.messageCount)) return
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const row = await lockedConversation(tx, viewer, 'conversation.read', conversationId, now)
    const readCount = Math.min(ordinal, row.messageCount)
    if (row.assigneeId !== viewer.agentId || readCount <= row.readCount) return
    await updateConversation(tx, row.id, { readCount })
    tx.append({
      type: 'conversation.changed',
      at: now,
      actorType: 'agent',
      actorId: viewer.agentId,
      conversationId,
      subjectId: conversationId,
      data: { what: 'read', readCount },
    })
    if (!ctx.inboxes.channel(row.channel).capabilities.readOut) return
    const { messages } = tx.t
    const read = await tx.db
      .select({ providerIds: messages.providerIds })
      .from(messages)
      .where(
        and(
          eq(messages.conversationId, conversationId),
          eq(messages.direction, 'in'),
          gt(messages.ordinal, row.readCount),
          lte(messages.ordinal, readCount),
        ),
      )
    const tokens = read.flatMap((m) => (m.providerIds ?? []).flatMap((id) => (id.kind === 'markAsRead' ? [id.value] : [])))
    if (tokens.length > 0)
      tx.afterCommit(() => void ctx.jobs.add('channel.mark-read', { inboxId: row.inboxId, tokens }).catch(() => undefined))
  })
}
