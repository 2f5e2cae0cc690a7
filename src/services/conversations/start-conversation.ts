import { type ConversationRow, insertConversation } from '../../../db/queries/conversations.ts'
import { addToCounters } from '../../../db/queries/counters.ts'
import { queueSettings } from '../../../db/queries/queues.ts'
import type { Tx } from '../../../db/store.ts'
import { newConversation } from '../../core/lifecycle/conversation.ts'
import { nextWaitingStep } from '../../core/waiting/steps.ts'
import { newId } from '../../lib/ids.ts'
import type { OpenInbox } from '../context.ts'
import { recordWork } from '../metrics/record-work.ts'
import { classifyEntry } from '../rules/classify-entry.ts'
import { followClocks } from '../sla/follow-clocks.ts'
import { counterDeltas } from './counts.ts'

/** Whose conversation it is and what it follows. */
export interface Start {
  readonly contactId: string
  readonly pointId: string
  readonly threadKey: string
  readonly previousId: string | null
  /** Who served the contact last in this thread. */
  readonly lastAgentId: string | null
  /** What the customer says first, for the rules of entry. */
  readonly text: string
  /** What it is about, where the channel tells. */
  readonly subject?: string | null
  /** Epoch ms. */
  readonly now: number
}

/**
 * Starts a conversation where the rules of entry send it, else in the inbox's queue, with the queue's priority and skills and
 * what they add, and with what its SLA policy promises. It has no message yet: the caller adds one in the same transaction.
 */
export async function startConversation(tx: Tx, inbox: OpenInbox, start: Start): Promise<ConversationRow> {
  const settings = await queueSettings(tx, inbox.queueId)
  const { state } = newConversation(false)
  const { now } = start
  const begun: ConversationRow = {
    id: newId(),
    inboxId: inbox.id,
    channel: inbox.channelId,
    contactId: start.contactId,
    contactPointId: start.pointId,
    threadKey: start.threadKey,
    status: state.status,
    open: true,
    awaiting: state.awaiting,
    queueId: inbox.queueId,
    assigneeId: null,
    offeredTo: null,
    priority: settings.priority,
    language: inbox.locale,
    requiredSkills: settings.requiredSkills,
    preferredAgentId: null,
    preferredUntil: null,
    personal: false,
    avoid: [],
    subject: start.subject ?? null,
    waitingSince: now,
    queuedAt: now,
    waitingSteps: 0,
    waitingStepAt: null,
    placeHeldBy: null,
    parkedAt: null,
    snoozedUntil: null,
    wrapUpUntil: null,
    wrapUpExtendedAt: null,
    assignedAt: null,
    firstCustomerAt: null,
    firstResponseAt: null,
    slaDueAt: null,
    slaBreachedAt: null,
    resolvedAt: null,
    disposition: null,
    wrapUpNote: null,
    tags: [],
    previousId: start.previousId,
    replyToken: null,
    replyTokenExpiresAt: null,
    messageCount: 0,
    readCount: 0,
    customerReadCount: 0,
    lastMessageAt: now,
    preview: null,
    createdAt: now,
    updatedAt: now,
  }
  const entry = await classifyEntry(tx, begun, start.text, now)
  const { queueId } = entry?.changes ?? begun
  const waitingStepAt = nextWaitingStep(await queueSettings(tx, queueId), { queuedAt: now, taken: 0 })?.dueAt ?? null
  const row = { ...begun, ...entry?.changes, waitingStepAt, ...(await preferenceOf(tx, entry?.changes ?? begun, start)) }
  await insertConversation(tx, row)
  await addToCounters(tx, counterDeltas(null, row))
  await recordWork(tx, null, row, { event: 'started', actor: { type: 'contact', id: start.contactId }, now })
  tx.append({
    type: 'conversation.created',
    at: now,
    actorType: 'contact',
    actorId: start.contactId,
    conversationId: row.id,
    subjectId: row.id,
    data: { queueId: row.queueId, inboxId: row.inboxId, previousId: row.previousId, ...(entry === null ? {} : { ruleIds: entry.ruleIds }) },
  })
  return followClocks(tx, row, { type: 'customer_message' }, now, start.text)
}

/** Whom it is offered to first while they are available: who a rule names, else who served the contact last, as the queue wishes. */
async function preferenceOf(
  tx: Tx,
  { queueId, preferredAgentId }: Pick<ConversationRow, 'queueId' | 'preferredAgentId'>,
  { lastAgentId, now }: Start,
): Promise<Pick<ConversationRow, 'preferredAgentId' | 'preferredUntil'>> {
  const { sticky } = await queueSettings(tx, queueId)
  const wanted = preferredAgentId ?? (sticky.to === 'none' ? null : lastAgentId)
  return wanted === null || sticky.forMs === 0
    ? { preferredAgentId: null, preferredUntil: null }
    : { preferredAgentId: wanted, preferredUntil: now + sticky.forMs }
}
