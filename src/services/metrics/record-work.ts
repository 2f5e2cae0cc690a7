import type { ConversationRow } from '../../../db/queries/conversations.ts'
import { addSegmentParked, endSegment, endStay, insertSegment, insertStay, setSegmentWrapUp } from '../../../db/queries/stays.ts'
import type { Tx } from '../../../db/store.ts'
import type { ConversationEvent } from '../../core/lifecycle/conversation-state.ts'
import { newId } from '../../lib/ids.ts'
import type { QueueOutcome } from '../../wire/metrics.ts'
import type { Actor } from '../../wire/words.ts'

/** What moved a conversation, as far as figures go by it. */
export interface RecordedMove {
  readonly event: ConversationEvent['type'] | 'started'
  readonly actor: Actor
  /** Epoch ms. */
  readonly now: number
  /** How its wait ended, where a rule of the queue ended it. */
  readonly outcome?: QueueOutcome
  /** Given up within this is no abandonment, milliseconds. */
  readonly shortAbandonMs?: number
}

/**
 * Keeps the rows that figures are computed from: one for each wait in a queue, one for each agent's part. Called with
 * every move, in its transaction.
 */
export async function recordWork(tx: Tx, before: ConversationRow | null, after: ConversationRow, move: RecordedMove): Promise<void> {
  await recordStay(tx, before, after, move)
  await recordSegment(tx, before, after, move.now)
}

async function recordStay(tx: Tx, before: ConversationRow | null, after: ConversationRow, move: RecordedMove): Promise<void> {
  const waited = before !== null && waits(before)
  const moved = waited && (before.queueId !== after.queueId || move.event === 'transferred')
  if (waited && (moved || !waits(after))) {
    const { outcome, agentId } = endingOf(before, after, move)
    await endStay(tx, { conversationId: after.id, now: move.now, outcome, agentId })
  }
  if (!waits(after) || (waited && !moved)) return
  const { id: conversationId, queueId, channel, priority, waitingSince } = after
  await insertStay(tx, { id: newId(), conversationId, queueId, channel, priority, createdAt: waitingSince, enteredAt: move.now })
}

function endingOf(
  before: ConversationRow,
  after: ConversationRow,
  { actor, outcome, now, shortAbandonMs = 0 }: RecordedMove,
): { outcome: QueueOutcome; agentId: string | null } {
  if (outcome !== undefined) return { outcome, agentId: null }
  if (works(after)) return { outcome: 'answered', agentId: after.assigneeId }
  if (after.status === 'resolved' && actor.type === 'contact') {
    return { outcome: now - before.queuedAt < shortAbandonMs ? 'short_abandoned' : 'abandoned', agentId: null }
  }
  if (actor.type === 'system') return { outcome: waits(after) ? 'overflowed' : 'closed', agentId: null }
  return { outcome: 'transferred', agentId: null }
}

async function recordSegment(tx: Tx, before: ConversationRow | null, after: ConversationRow, now: number): Promise<void> {
  const conversationId = after.id
  const worked = before !== null && works(before)
  const goesOn = worked && works(after) && before.assigneeId === after.assigneeId
  if (worked && before.parkedAt !== null && (!goesOn || after.parkedAt === null)) {
    await addSegmentParked(tx, { conversationId, ms: Math.max(0, now - before.parkedAt) })
  }
  if (goesOn && before.status !== after.status) {
    await setSegmentWrapUp(tx, { conversationId, wrapUpAt: after.status === 'wrap_up' ? now : null })
  }
  if (worked && !goesOn)
    await endSegment(tx, { conversationId, now, transferred: after.status !== 'resolved' && after.status !== 'snoozed' })
  if (works(after) && !goesOn && after.assigneeId !== null) {
    const { queueId, channel, assigneeId: agentId } = after
    await insertSegment(tx, { id: newId(), conversationId, queueId, agentId, channel, startedAt: now })
  }
}

function waits({ status }: ConversationRow): boolean {
  return status === 'queued' || status === 'offered'
}

function works({ status }: ConversationRow): boolean {
  return status === 'active' || status === 'wrap_up'
}
