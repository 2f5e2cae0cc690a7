import { type ConversationRow, updateConversation } from '../../../db/queries/conversations.ts'
import { queueName } from '../../../db/queries/names.ts'
import { queueSettings } from '../../../db/queries/queues.ts'
import type { Tx } from '../../../db/store.ts'
import type { QueueOutcome } from '../../wire/metrics.ts'
import type { QueueAction } from '../../wire/queues.ts'
import type { Actor } from '../../wire/words.ts'
import type { ServiceContext } from '../context.ts'
import { appendLine } from '../conversations/append-message.ts'
import { moveConversation, scopeOf } from '../conversations/move-conversation.ts'
import { sendNotice } from '../conversations/send-notice.ts'
import { followClocks } from '../sla/follow-clocks.ts'

/** On whose behalf a queue acts, and how the wait counts when it ends by that. */
export interface QueueTurnCause {
  readonly actor: Actor
  /** How a wait counts that the action ends. */
  readonly outcome: QueueOutcome
  /** Epoch ms. */
  readonly now: number
}

/**
 * Does with a locked, waiting conversation what its queue's rules say for those it is no answer for now. What goes on waiting
 * keeps its place. @returns the row as it is now.
 */
export async function actOnWaiting(
  tx: Tx,
  ctx: ServiceContext,
  row: ConversationRow,
  action: QueueAction,
  cause: QueueTurnCause,
): Promise<ConversationRow> {
  const { actor, now } = cause
  switch (action.kind) {
    case 'queue':
      return overflow(tx, row, action.queueId, cause)
    case 'message':
      await sendNotice(tx, ctx, row, action.text, actor, now)
      return row
    case 'close': {
      await sendNotice(tx, ctx, row, action.text, actor, now)
      const closed = await moveConversation(tx, row, { event: { type: 'resolve' }, actor, now, outcome: cause.outcome })
      await appendLine(tx, row, actor, now, 'queue.closed')
      return closed
    }
    case 'raise_priority':
      return raise(tx, row, action.by, cause)
    case 'voicemail':
    case 'callback':
    case 'form':
      // What is offered is the channel's to carry out; the conversation keeps its place until the customer has chosen.
      await appendLine(tx, row, actor, now, `queue.offers_${action.kind}`)
      return row
  }
}

/** Another queue takes it, at its age; one that takes no work leaves it where it is. */
async function overflow(tx: Tx, row: ConversationRow, queueId: string, { actor, now }: QueueTurnCause): Promise<ConversationRow> {
  const [target] = queueId === row.queueId ? [] : await queueName(tx, { id: queueId })
  if (target?.enabled !== true) return row
  const { priority, requiredSkills } = await queueSettings(tx, queueId)
  const changes = { queueId, priority: Math.max(priority, row.priority), requiredSkills, avoid: [] }
  const event = { type: 'transferred', to: 'queue' } as const
  const moved = await moveConversation(tx, row, { event, actor, now, changes, outcome: 'overflowed' })
  await appendLine(tx, row, actor, now, 'conversation.to_queue', { queue: target.name })
  return moved
}

async function raise(tx: Tx, row: ConversationRow, by: number, { actor, now }: QueueTurnCause): Promise<ConversationRow> {
  const priority = Math.min(9, row.priority + by)
  if (priority === row.priority) return row
  await updateConversation(tx, row.id, { priority, updatedAt: now })
  tx.append({
    type: 'conversation.changed',
    at: now,
    actorType: actor.type,
    actorId: actor.id,
    conversationId: row.id,
    subjectId: row.id,
    data: { what: 'priority_raised', before: scopeOf(row), priority },
  })
  return followClocks(tx, { ...row, priority }, { type: 'terms_changed' }, now)
}
