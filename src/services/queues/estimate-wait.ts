import { conversationById } from '../../../db/queries/conversations.ts'
import { countersOf } from '../../../db/queries/counters.ts'
import { aheadInQueue, answeredSince, type PlaceKey } from '../../../db/queries/waiting.ts'
import type { Store, Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { estimateWait, type WaitEstimate } from '../../core/waiting/expected-wait.ts'
import type { ServiceContext } from '../context.ts'
import { visibleConversation } from '../conversations/get-conversation.ts'

/** How far back a queue's pace is looked at, milliseconds. */
const paceWindowMs = 1_800_000
/** Answers looked at; more would not make the pace truer. */
const answersAtMost = 500

/** Where somebody stands in a queue and how long it may take, as everybody is told it. */
export async function waitInQueue(on: Store | Tx, place: PlaceKey, now: number): Promise<WaitEstimate> {
  const answeredAt = await answeredSince(on, place.queueId, now - paceWindowMs, answersAtMost)
  return estimateWait(await aheadInQueue(on, place), await sizeOf(on, place.queueId), { answeredAt, windowMs: paceWindowMs }, now)
}

/** The place of a waiting conversation; null when it does not wait. */
export async function placeOfConversation(on: Store | Tx, conversationId: string, now: number): Promise<WaitEstimate | null> {
  const [row] = await conversationById(on, { id: conversationId })
  if (row === undefined || (row.status !== 'queued' && row.status !== 'offered')) return null
  return waitInQueue(on, row, now)
}

/** The same for a viewer. @throws AppError 'not_found' also when they may not see it. */
export async function getWait(ctx: ServiceContext, viewer: Viewer, conversationId: string): Promise<WaitEstimate | null> {
  await visibleConversation(ctx, viewer, conversationId)
  return placeOfConversation(ctx.store, conversationId, ctx.clock.now())
}

/** How many wait in a queue, from the kept numbers. */
export async function sizeOf(on: Store | Tx, queueId: string): Promise<number> {
  const counters = await countersOf(on, { scope: `queue:${queueId}` })
  return counters.reduce((sum, { name, value }) => (name.startsWith('waiting:') ? sum + Math.max(0, value) : sum), 0)
}
