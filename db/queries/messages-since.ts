import { and, eq, sql } from 'drizzle-orm'
import { statement } from '../statement.ts'

/** One message event as the reply guard reads it. */
export interface MessageEvent {
  readonly seq: number
  readonly subjectId: string | null
  readonly actorType: string
  readonly actorId: string | null
  readonly data: Record<string, unknown>
}

/** What was said in a conversation after `seq`: at most 50 events, whoever wrote. */
export const messagesSince = statement<{ conversationId: string; seq: number }, MessageEvent>('messages_since', ({ db, t }) =>
  db
    .select({
      seq: t.events.seq,
      subjectId: t.events.subjectId,
      actorType: t.events.actorType,
      actorId: t.events.actorId,
      data: t.events.data,
    })
    .from(t.events)
    .where(
      and(
        eq(t.events.conversationId, sql.placeholder('conversationId')),
        sql`${t.events.seq} > ${sql.placeholder('seq')}`,
        sql`${t.events.type} = 'message.created'`,
      ),
    )
    .orderBy(t.events.seq)
    .limit(50),
)
