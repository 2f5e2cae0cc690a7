import { sql } from 'drizzle-orm'
import { blueprint } from './statement.ts'
import type { EventDraft } from './store.ts'

/** Appends one row to the log and returns its number. */
export const insertEvent = blueprint<{ seq: number }>('events.append', ({ db, t }) =>
  db
    .insert(t.events)
    .values({
      type: sql.placeholder('type'),
      at: sql.placeholder('at'),
      actorType: sql.placeholder('actorType'),
      actorId: sql.placeholder('actorId'),
      conversationId: sql.placeholder('conversationId'),
      subjectId: sql.placeholder('subjectId'),
      data: sql.placeholder('data'),
    })
    .returning({ seq: t.events.seq }),
)

/** An event as the values of `insertEvent`, with NULL for what it leaves out. */
export function eventColumns(event: EventDraft): Record<keyof EventDraft, unknown> {
  return {
    type: event.type,
    at: event.at,
    actorType: event.actorType,
    actorId: event.actorId ?? null,
    conversationId: event.conversationId ?? null,
    subjectId: event.subjectId ?? null,
    data: event.data,
  }
}
