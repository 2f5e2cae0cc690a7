import { and, asc, desc, eq, gt, inArray, lt, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Db } from '../store.ts'
import { byIds } from './by-ids.ts'

/** A message with the names its author may have. */
export interface LoadedMessage
  extends Pick<
    Tables['messages']['$inferSelect'],
    | 'id'
    | 'conversationId'
    | 'inboxId'
    | 'ordinal'
    | 'direction'
    | 'authorType'
    | 'authorId'
    | 'authorName'
    | 'parts'
    | 'mail'
    | 'clientId'
    | 'quotedMessageId'
    | 'delivery'
    | 'deliveryError'
    | 'editedAt'
    | 'unsentAt'
    | 'occurredAt'
    | 'createdAt'
  > {
  /** Of the message's own inbox. */
  readonly channel: Tables['inboxes']['$inferSelect']['channel']
  readonly agentName: string | null
  readonly contactName: string | null
  /** Of the member of a group who wrote. */
  readonly memberExternalId: string | null
  readonly memberName: string | null
  readonly memberAvatarUrl: string | null
}

// Ids are unique over all tables, so an author is found in one of the two at most.
const selectMessages = ({ db, t: { messages: m, inboxes, agents, contacts, threadMembers } }: { db: Db; t: Tables }) =>
  db
    .select({
      id: m.id,
      conversationId: m.conversationId,
      inboxId: m.inboxId,
      ordinal: m.ordinal,
      direction: m.direction,
      authorType: m.authorType,
      authorId: m.authorId,
      authorName: m.authorName,
      parts: m.parts,
      mail: m.mail,
      clientId: m.clientId,
      quotedMessageId: m.quotedMessageId,
      delivery: m.delivery,
      deliveryError: m.deliveryError,
      editedAt: m.editedAt,
      unsentAt: m.unsentAt,
      occurredAt: m.occurredAt,
      createdAt: m.createdAt,
      channel: inboxes.channel,
      agentName: agents.name,
      contactName: contacts.name,
      memberExternalId: threadMembers.externalId,
      memberName: threadMembers.displayName,
      memberAvatarUrl: threadMembers.avatarUrl,
    })
    .from(m)
    .innerJoin(inboxes, eq(inboxes.id, m.inboxId))
    .leftJoin(agents, eq(agents.id, m.authorId))
    .leftJoin(contacts, eq(contacts.id, m.authorId))
    .leftJoin(threadMembers, eq(threadMembers.id, m.memberId))

/** Messages by id. */
export const loadMessages = byIds<LoadedMessage>('load_messages', (on, ids) => selectMessages(on).where(inArray(on.t.messages.id, ids)))

/** A conversation's newest messages below an ordinal, the highest first. */
export const messagesBefore = statement<{ conversationId: string; before: number; limit: number }, LoadedMessage>('messages_before', (on) =>
  selectMessages(on)
    .where(and(eq(on.t.messages.conversationId, sql.placeholder('conversationId')), lt(on.t.messages.ordinal, sql.placeholder('before'))))
    .orderBy(desc(on.t.messages.ordinal))
    .limit(sql.placeholder('limit')),
)

/** A conversation's messages above an ordinal, the lowest first. */
export const messagesAfter = statement<{ conversationId: string; after: number; limit: number }, LoadedMessage>('messages_after', (on) =>
  selectMessages(on)
    .where(and(eq(on.t.messages.conversationId, sql.placeholder('conversationId')), gt(on.t.messages.ordinal, sql.placeholder('after'))))
    .orderBy(asc(on.t.messages.ordinal))
    .limit(sql.placeholder('limit')),
)
