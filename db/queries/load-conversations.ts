import { eq, inArray } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { byIds } from './by-ids.ts'

type Row = Tables['conversations']['$inferSelect']

/** A conversation with what lists show of its contact. */
export interface LoadedConversation
  extends Pick<
    Row,
    | 'id'
    | 'inboxId'
    | 'channel'
    | 'contactId'
    | 'status'
    | 'awaiting'
    | 'queueId'
    | 'assigneeId'
    | 'offeredTo'
    | 'priority'
    | 'subject'
    | 'tags'
    | 'waitingSince'
    | 'queuedAt'
    | 'assignedAt'
    | 'parkedAt'
    | 'snoozedUntil'
    | 'wrapUpUntil'
    | 'wrapUpExtendedAt'
    | 'slaDueAt'
    | 'slaBreachedAt'
    | 'firstResponseAt'
    | 'replyTokenExpiresAt'
    | 'resolvedAt'
    | 'disposition'
    | 'previousId'
    | 'messageCount'
    | 'readCount'
    | 'customerReadCount'
    | 'lastMessageAt'
    | 'preview'
    | 'createdAt'
  > {
  /** Permission to answer free of charge; null where there is none. */
  readonly replyToken: string | null
  readonly contactName: string
  readonly contactAvatarUrl: string | null
  /** When the provider told us that the address takes no messages. */
  readonly blockedAt: number | null
}

/** Conversations by id, each with its contact's name and whether the address is blocked. */
export const loadConversations = byIds<LoadedConversation>(
  'load_conversations',
  ({ db, t: { conversations: c, contacts, contactPoints } }, ids) =>
    db
      .select({
        id: c.id,
        inboxId: c.inboxId,
        channel: c.channel,
        contactId: c.contactId,
        status: c.status,
        awaiting: c.awaiting,
        queueId: c.queueId,
        assigneeId: c.assigneeId,
        offeredTo: c.offeredTo,
        priority: c.priority,
        subject: c.subject,
        tags: c.tags,
        waitingSince: c.waitingSince,
        queuedAt: c.queuedAt,
        assignedAt: c.assignedAt,
        parkedAt: c.parkedAt,
        snoozedUntil: c.snoozedUntil,
        wrapUpUntil: c.wrapUpUntil,
        wrapUpExtendedAt: c.wrapUpExtendedAt,
        slaDueAt: c.slaDueAt,
        slaBreachedAt: c.slaBreachedAt,
        firstResponseAt: c.firstResponseAt,
        replyToken: c.replyToken,
        replyTokenExpiresAt: c.replyTokenExpiresAt,
        resolvedAt: c.resolvedAt,
        disposition: c.disposition,
        previousId: c.previousId,
        messageCount: c.messageCount,
        readCount: c.readCount,
        customerReadCount: c.customerReadCount,
        lastMessageAt: c.lastMessageAt,
        preview: c.preview,
        createdAt: c.createdAt,
        contactName: contacts.name,
        contactAvatarUrl: contacts.avatarUrl,
        blockedAt: contactPoints.blockedAt,
      })
      .from(c)
      .innerJoin(contacts, eq(contacts.id, c.contactId))
      .innerJoin(contactPoints, eq(contactPoints.id, c.contactPointId))
      .where(inArray(c.id, ids)),
)
