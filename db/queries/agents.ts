import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { LogEvent } from './log.ts'
import { statement } from '../statement.ts'

/** How an agent is called, and whether the account is disabled. */
export const agentName = statement<{ id: string }, { name: string; disabledAt: number | null }>('agent_name', ({ db, t }) =>
  db.select({ name: t.agents.name, disabledAt: t.agents.disabledAt }).from(t.agents).where(eq(t.agents.id, sql.placeholder('id'))).limit(1),
)

/** How a queue is called, and whether it takes work. */
export const queueName = statement<{ id: string }, { name: string; enabled: boolean }>('queue_name', ({ db, t }) =>
  db.select({ name: t.queues.name, enabled: t.queues.enabled }).from(t.queues).where(eq(t.queues.id, sql.placeholder('id'))).limit(1),
)

/** Events of new messages of a conversation after a number, oldest first. */
export const messagesSince = statement<{ conversationId: string; seq: number }, Pick<LogEvent, 'subjectId' | 'actorType' | 'actorId' | 'data'>>(
  'messages_since',
  ({ db, t: { events } }) =>
    db
      .select({ subjectId: events.subjectId, actorType: events.actorType, actorId: events.actorId, data: events.data })
      .from(events)
      .where(
        and(
          eq(events.conversationId, sql.placeholder('conversationId')),
          gt(events.seq, sql.placeholder('seq')),
          eq(events.type, sql.raw(`'message.created'`)),
        ),
      )
      .orderBy(asc(events.seq))
      .limit(100),
)
