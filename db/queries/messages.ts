import { and, eq, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'

export type MessageRow = Tables['messages']['$inferSelect']

/** Adds a message; repeats break a unique rule of the table. */
export const insertMessage = statement<MessageRow & Record<string, unknown>, never>('insert_message', ({ db, t }) =>
  db.insert(t.messages).values({
    id: sql.placeholder('id'),
    conversationId: sql.placeholder('conversationId'),
    inboxId: sql.placeholder('inboxId'),
    ordinal: sql.placeholder('ordinal'),
    direction: sql.placeholder('direction'),
    authorType: sql.placeholder('authorType'),
    authorId: sql.placeholder('authorId'),
    authorName: sql.placeholder('authorName'),
    memberId: sql.placeholder('memberId'),
    parts: sql.placeholder('parts'),
    externalId: sql.placeholder('externalId'),
    clientId: sql.placeholder('clientId'),
    providerIds: sql.placeholder('providerIds'),
    mail: sql.placeholder('mail'),
    quotedMessageId: sql.placeholder('quotedMessageId'),
    deliveryId: sql.placeholder('deliveryId'),
    delivery: sql.placeholder('delivery'),
    deliveryError: sql.placeholder('deliveryError'),
    editedAt: sql.placeholder('editedAt'),
    unsentAt: sql.placeholder('unsentAt'),
    occurredAt: sql.placeholder('occurredAt'),
    createdAt: sql.placeholder('createdAt'),
  }),
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
