import { type ConversationRow, updateConversation } from '../../../db/queries/conversations.ts'
import { addToCounters } from '../../../db/queries/counters.ts'
import type { Tx } from '../../../db/store.ts'
import type { Actor } from '../../wire/words.ts'
import { counterDeltas } from './counts.ts'
import { scopeOf } from './move-conversation.ts'

/** Puts a locked conversation that does not wait under another queue; where it stands and who has it stay as they are. */
export async function changeQueue(tx: Tx, row: ConversationRow, queueId: string, actor: Actor, now: number): Promise<void> {
  const changes = { queueId, updatedAt: now }
  await updateConversation(tx, row.id, changes)
  await addToCounters(tx, counterDeltas(row, { ...row, ...changes }))
  tx.append({
    type: 'conversation.changed',
    at: now,
    actorType: actor.type,
    actorId: actor.id,
    conversationId: row.id,
    subjectId: row.id,
    data: { what: 'queue_changed', before: scopeOf(row), agentId: row.assigneeId },
  })
}
