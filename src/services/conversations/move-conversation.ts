import { setIdleSince } from '../../../db/queries/agent-states.ts'
import { type ConversationRow, updateConversation } from '../../../db/queries/conversations.ts'
import { addToCounters } from '../../../db/queries/counters.ts'
import { withdrawLiveOffers } from '../../../db/queries/offers.ts'
import { queueSettings } from '../../../db/queries/queues.ts'
import type { Tx } from '../../../db/store.ts'
import { type Transition, transition } from '../../core/lifecycle/conversation.ts'
import type { ConversationEvent, Effect } from '../../core/lifecycle/conversation-state.ts'
import { nextWaitingStep } from '../../core/waiting/steps.ts'
import { AppError } from '../../lib/errors.ts'
import type { ScopeBefore } from '../../wire/log.ts'
import type { QueueOutcome } from '../../wire/metrics.ts'
import type { Actor } from '../../wire/words.ts'
import { type RecordedMove, recordWork } from '../metrics/record-work.ts'
import { requireRoom } from '../routing/agent-room.ts'
import { routingSettings } from '../routing/settings.ts'
import { followClocks } from '../sla/follow-clocks.ts'
import { counterDeltas, holderOf } from './counts.ts'

/** Effects that go by times which queues and the centre set. */
const timed: readonly Effect[] = ['prefer_last_agent', 'bind_agent', 'avoid_agent']

/** Times in milliseconds; what no effect asks for is 0. */
interface MoveTimes {
  /** How long a conversation prefers the agent who had it, while that agent is available. */
  readonly preferLastAgentMs: number
  /** How long a hand-over to a person stays theirs before the queue has it. */
  readonly personalMs: number
  /** How long an agent who declined or let an offer expire is passed over. */
  readonly avoidMs: number
}

/** The circumstances of a move. */
export interface Move {
  readonly event: ConversationEvent
  readonly actor: Actor
  /** Epoch ms. */
  readonly now: number
  /** The agent it is offered or assigned to, or who lost it. */
  readonly agentId?: string
  /** Snoozing: until when. Wrap-up: its end. Epoch ms. */
  readonly until?: number
  /** Columns that change with it. */
  readonly changes?: Partial<ConversationRow>
  /** The offer that ended by being accepted; the others are withdrawn. */
  readonly acceptedOfferId?: string
  /** How its wait ended, where a rule of the queue ended it. */
  readonly outcome?: QueueOutcome
}

/**
 * Moves a locked conversation as `core/lifecycle` allows: writes the columns, keeps the counters, ends
 * other offers, appends `conversation.changed`. The only place where a status changes.
 * @param row as read under the lock, in this transaction.
 * @returns the row as it is now.
 * @throws AppError 'conflict' when the state does not take the event, or with code `no_room` when it would put more into
 *   an agent's hands than they may hold; nothing is changed then.
 */
export async function moveConversation(tx: Tx, row: ConversationRow, move: Move): Promise<ConversationRow> {
  const step = transition({ status: row.status, awaiting: row.awaiting, parked: row.parkedAt !== null }, move.event)
  if (!step.ok) throw new AppError('conflict', step.sentence, { code: 'wrong_state', status: row.status, assigneeId: row.assigneeId })
  const changes: Partial<ConversationRow> = {
    ...effectColumns(row, step.effects, move, await timesFor(tx, step.effects, move.changes?.queueId ?? row.queueId)),
    ...move.changes,
    status: step.next.status,
    awaiting: step.next.awaiting,
    open: step.next.status !== 'resolved',
    offeredTo: step.next.status === 'offered' ? (move.agentId ?? row.offeredTo) : null,
    updatedAt: move.now,
    ...(await stepColumns(tx, row, step, move)),
  }
  const after: ConversationRow = { ...row, ...changes }
  await refuseOverload(tx, row, after, move)
  await updateConversation(tx, row.id, changes)
  if (step.effects.includes('withdraw_offers')) await withdrawOthers(tx, row, move)
  await addToCounters(tx, counterDeltas(row, after))
  await freeHolder(tx, row, after, move.now)
  await recordWork(tx, row, after, recordedOf(move))
  const promised = await followMove(tx, row, after, move)
  tx.append({
    type: 'conversation.changed',
    at: move.now,
    actorType: move.actor.type,
    actorId: move.actor.id,
    conversationId: row.id,
    subjectId: row.id,
    data: {
      what: move.event.type,
      from: row.status,
      to: after.status,
      before: scopeOf(row),
      agentId: move.agentId ?? null,
      ...(after.parkedAt === null ? {} : { parked: true }),
    },
  })
  return promised
}

/** What a move means for the promises about the conversation. A customer's message is followed where it is received. */
async function followMove(tx: Tx, before: ConversationRow, after: ConversationRow, { event, now }: Move): Promise<ConversationRow> {
  switch (event.type) {
    case 'agent_message':
      return followClocks(tx, after, { type: 'agent_message', awaitsCustomer: after.awaiting === 'customer' }, now)
    case 'snooze':
      return followClocks(tx, after, { type: 'snoozed' }, now)
    case 'resolve':
    case 'wrap_up_done':
      return followClocks(tx, after, { type: 'resolved' }, now)
    case 'reopen':
      return followClocks(tx, after, { type: 'reopened' }, now)
    default:
      if (before.status === 'snoozed') return followClocks(tx, after, { type: 'woken' }, now)
      return before.queueId === after.queueId && before.priority === after.priority
        ? after
        : followClocks(tx, after, { type: 'terms_changed' }, now)
  }
}

function recordedOf({ event, actor, now, outcome }: Move): RecordedMove {
  return { event: event.type, actor, now, ...(outcome === undefined ? {} : { outcome }) }
}

/** Offers and answers have looked for room already; whatever else puts work into somebody's hands is asked here. */
async function refuseOverload(tx: Tx, before: ConversationRow, after: ConversationRow, { event }: Move): Promise<void> {
  if (event.type !== 'assigned' && event.type !== 'reopen') return
  const holder = holderOf(after)
  if (holder !== null && holder !== holderOf(before)) await requireRoom(tx, holder, after.channel)
}

/** What decides who may see a conversation. */
export function scopeOf(row: ConversationRow): ScopeBefore {
  return { queueId: row.queueId, inboxId: row.inboxId, assigneeId: row.assigneeId, offeredTo: row.offeredTo }
}

async function withdrawOthers(tx: Tx, row: ConversationRow, move: Move): Promise<void> {
  const ended = await withdrawLiveOffers(tx, row.id, move.event.type, move.now)
  for (const offer of ended) {
    if (offer.id === move.acceptedOfferId) continue
    tx.append({
      type: 'offer.ended',
      at: move.now,
      actorType: move.actor.type,
      actorId: move.actor.id,
      conversationId: row.id,
      subjectId: offer.id,
      data: { outcome: 'withdrawn', agentId: offer.agentId, reason: move.event.type },
    })
  }
}

/** Whoever no longer holds it becomes idle from now on. */
async function freeHolder(tx: Tx, before: ConversationRow, after: ConversationRow, now: number): Promise<void> {
  const holder = holderOf(before)
  if (holder !== null && holder !== holderOf(after) && before.status !== 'offered') await setIdleSince(tx, { agentId: holder, now })
}

/** When the queue's next step for those who wait is due: from its beginning with each stay, none while it does not wait. */
async function stepColumns(
  tx: Tx,
  row: ConversationRow,
  { next, effects }: Extract<Transition, { ok: true }>,
  move: Move,
): Promise<Pick<ConversationRow, 'waitingSteps' | 'waitingStepAt'> | undefined> {
  if (effects.includes('enter_queue')) {
    const settings = await queueSettings(tx, move.changes?.queueId ?? row.queueId)
    const due = nextWaitingStep(settings, { queuedAt: move.now, taken: 0 })
    return { waitingSteps: 0, waitingStepAt: due?.dueAt ?? null }
  }
  const waits = next.status === 'queued' || next.status === 'offered'
  return waits || row.waitingStepAt === null ? undefined : { waitingSteps: row.waitingSteps, waitingStepAt: null }
}

async function timesFor(tx: Tx, effects: readonly Effect[], queueId: string): Promise<MoveTimes> {
  if (!effects.some((effect) => timed.includes(effect))) return { preferLastAgentMs: 0, personalMs: 0, avoidMs: 0 }
  const { sticky, avoidMs } = await queueSettings(tx, queueId)
  const { personalMs } = await routingSettings(tx)
  return { preferLastAgentMs: sticky.to === 'none' ? 0 : sticky.forMs, personalMs, avoidMs }
}

function effectColumns(row: ConversationRow, effects: readonly Effect[], move: Move, times: MoveTimes): Partial<ConversationRow> {
  const columns: Partial<ConversationRow> = {}
  for (const effect of effects) Object.assign(columns, columnsOf(effect, row, move, times))
  return columns
}

function columnsOf(effect: Effect, row: ConversationRow, move: Move, times: MoveTimes): Partial<ConversationRow> {
  const { now, agentId, until } = move
  switch (effect) {
    case 'start_age':
      return { waitingSince: now }
    case 'enter_queue':
      return { queuedAt: now }
    case 'assign':
      return { assigneeId: agentId ?? null, assignedAt: now, avoid: [], preferredAgentId: null, preferredUntil: null, personal: false }
    case 'unassign':
      return { assigneeId: null, assignedAt: null }
    case 'prefer_last_agent':
      return row.assigneeId === null || times.preferLastAgentMs === 0
        ? {}
        : { preferredAgentId: row.assigneeId, preferredUntil: now + times.preferLastAgentMs, personal: false }
    case 'bind_agent':
      return { preferredAgentId: agentId ?? null, preferredUntil: now + times.personalMs, personal: true, avoid: [] }
    case 'avoid_agent':
      return agentId === undefined
        ? {}
        : { avoid: [...row.avoid.filter((a) => a.agentId !== agentId && a.until > now), { agentId, until: now + times.avoidMs }] }
    case 'record_answer':
      return { firstResponseAt: row.firstResponseAt ?? now }
    case 'park':
      return { parkedAt: now }
    case 'unpark':
      return { parkedAt: null }
    case 'set_snooze':
      return { snoozedUntil: until ?? null }
    case 'clear_snooze':
      return { snoozedUntil: null }
    case 'start_wrap_up':
      return { wrapUpUntil: until ?? null, wrapUpExtendedAt: null }
    case 'end_wrap_up':
      return { wrapUpUntil: null, wrapUpExtendedAt: null }
    case 'record_resolution':
      return { resolvedAt: now, replyToken: null, replyTokenExpiresAt: null }
    case 'clear_resolution':
      return { resolvedAt: null, disposition: null, wrapUpNote: null }
    case 'leave_queue':
    case 'withdraw_offers':
    case 'agent_not_responding':
      return {}
  }
}
