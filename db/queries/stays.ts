import { and, eq, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import { bind } from './bind.ts'

export type QueueStayRow = Tables['queueStays']['$inferSelect']
export type SegmentRow = Tables['segments']['$inferSelect']

/** Notes that a conversation began to wait in a queue. A second open wait breaks `queue_stays_open_uq`. */
export const insertStay = statement<
  Pick<QueueStayRow, 'id' | 'conversationId' | 'queueId' | 'channel' | 'priority' | 'createdAt' | 'enteredAt'> & Record<string, unknown>,
  never
>('insert_stay', ({ db, t }) =>
  db.insert(t.queueStays).values({
    id: sql.placeholder('id'),
    conversationId: sql.placeholder('conversationId'),
    queueId: sql.placeholder('queueId'),
    channel: sql.placeholder('channel'),
    priority: sql.placeholder('priority'),
    createdAt: sql.placeholder('createdAt'),
    enteredAt: sql.placeholder('enteredAt'),
    leftAt: null,
    outcome: null,
    agentId: null,
  }),
)

/** Ends the wait of a conversation, if it has one. */
export const endStay = statement<
  { conversationId: string; now: number; outcome: NonNullable<QueueStayRow['outcome']>; agentId: string | null },
  { id: string }
>('end_stay', ({ db, t }) =>
  db
    .update(t.queueStays)
    .set({
      leftAt: bind(t.queueStays.leftAt, 'now'),
      outcome: bind(t.queueStays.outcome, 'outcome'),
      agentId: bind(t.queueStays.agentId, 'agentId'),
    })
    .where(and(eq(t.queueStays.conversationId, sql.placeholder('conversationId')), sql`${t.queueStays.leftAt} is null`))
    .returning({ id: t.queueStays.id }),
)

/** Notes that an agent took a conversation. */
export const insertSegment = statement<
  Pick<SegmentRow, 'id' | 'conversationId' | 'queueId' | 'agentId' | 'channel' | 'startedAt'> & Record<string, unknown>,
  never
>('insert_segment', ({ db, t }) =>
  db.insert(t.segments).values({
    id: sql.placeholder('id'),
    conversationId: sql.placeholder('conversationId'),
    queueId: sql.placeholder('queueId'),
    agentId: sql.placeholder('agentId'),
    channel: sql.placeholder('channel'),
    startedAt: sql.placeholder('startedAt'),
    wrapUpAt: null,
    endedAt: null,
    holdMs: 0,
    parkedMs: 0,
    transferred: false,
  }),
)

/** Notes when wrap-up of the part under way began; null = it is work again. */
export const setSegmentWrapUp = statement<{ conversationId: string; wrapUpAt: number | null }, never>('set_segment_wrap_up', ({ db, t }) =>
  db
    .update(t.segments)
    .set({ wrapUpAt: bind(t.segments.wrapUpAt, 'wrapUpAt') })
    .where(and(eq(t.segments.conversationId, sql.placeholder('conversationId')), sql`${t.segments.endedAt} is null`)),
)

/** Adds time in which the part under way was no work. */
export const addSegmentParked = statement<{ conversationId: string; ms: number }, never>('add_segment_parked', ({ db, t }) =>
  db
    .update(t.segments)
    .set({ parkedMs: sql`${t.segments.parkedMs} + ${bind(t.segments.parkedMs, 'ms')}` })
    .where(and(eq(t.segments.conversationId, sql.placeholder('conversationId')), sql`${t.segments.endedAt} is null`)),
)

/** Ends the part under way of a conversation, if there is one. */
export const endSegment = statement<{ conversationId: string; now: number; transferred: boolean }, { id: string }>(
  'end_segment',
  ({ db, t }) =>
    db
      .update(t.segments)
      .set({ endedAt: bind(t.segments.endedAt, 'now'), transferred: bind(t.segments.transferred, 'transferred') })
      .where(and(eq(t.segments.conversationId, sql.placeholder('conversationId')), sql`${t.segments.endedAt} is null`))
      .returning({ id: t.segments.id }),
)
