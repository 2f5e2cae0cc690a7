import { and, eq, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { everyColumn, statement } from '../statement.ts'

export type MessageRow = Tables['messages']['$inferSelect']

/** Adds a message; repeats break a unique rule of the table. */
export const insertMessage = statement<MessageRow & Record<string, unknown>, never>('insert_message', ({ db, t }) =>
  db.insert(t.messages).values(everyColumn(t.messages)),
)

/** One message, whole. */
export const messageById = statement<{ id: string }, MessageRow>('message_by_id', ({ db, t }) =>
  db
    .select()
    .from(t.messages)
    .where(eq(t.messages.id, sql.placeholder('id')))
    .limit(1),
)

/** The message a provider knows under its id. */
export const messageByExternalId = statement<{ inboxId: string; externalId: string }, MessageRow>('message_by_external_id', ({ db, t }) =>
  db
    .select()
    .from(t.messages)
    .where(and(eq(t.messages.inboxId, sql.placeholder('inboxId')), eq(t.messages.externalId, sql.placeholder('externalId'))))
    .limit(1),
)

/** The message its author's program knows under its id. */
export const messageByClientId = statement<{ conversationId: string; clientId: string }, MessageRow>('message_by_client_id', ({ db, t }) =>
  db
    .select()
    .from(t.messages)
    .where(and(eq(t.messages.conversationId, sql.placeholder('conversationId')), eq(t.messages.clientId, sql.placeholder('clientId'))))
    .limit(1),
)
