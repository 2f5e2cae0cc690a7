import type { LoadedConversation } from '../../db/queries/load-conversations.ts'
import type { ConversationScope } from '../core/access/authorize.ts'
import type { Conversation } from '../wire/conversations.ts'

/** A conversation as lists, offers and headers show it. */
export function presentConversation(row: LoadedConversation): Conversation {
  return {
    id: row.id,
    inboxId: row.inboxId,
    channel: row.channel,
    contact: { id: row.contactId, name: row.contactName, avatarUrl: row.contactAvatarUrl },
    blocked: row.blockedAt !== null,
    status: row.status,
    awaiting: row.awaiting,
    queueId: row.queueId,
    assigneeId: row.assigneeId,
    priority: row.priority,
    subject: row.subject,
    tags: row.tags,
    waitingSince: row.waitingSince,
    queuedAt: row.queuedAt,
    assignedAt: row.assignedAt,
    snoozedUntil: row.snoozedUntil,
    wrapUpUntil: row.wrapUpUntil,
    slaDueAt: row.slaDueAt,
    slaBreachedAt: row.slaBreachedAt,
    firstResponseAt: row.firstResponseAt,
    freeUntil: row.replyToken === null ? null : row.replyTokenExpiresAt,
    resolvedAt: row.resolvedAt,
    disposition: row.disposition,
    previousId: row.previousId,
    messageCount: row.messageCount,
    readCount: row.readCount,
    customerReadCount: row.customerReadCount,
    lastMessageAt: row.lastMessageAt,
    preview: row.preview,
    createdAt: row.createdAt,
  }
}

/**
 * The same with nothing that the customer said or is: for an agent who is told how an offer of it ended
 * and may no longer see it.
 */
export function maskConversation(conversation: Conversation): Conversation {
  return {
    ...conversation,
    contact: { id: conversation.contact.id, name: '', avatarUrl: null },
    subject: null,
    tags: [],
    preview: null,
    disposition: null,
  }
}

/** What decides who may see it. */
export function scopeOf(row: Pick<LoadedConversation, 'queueId' | 'inboxId' | 'assigneeId' | 'offeredTo'>): ConversationScope {
  return { queueId: row.queueId, inboxId: row.inboxId, assigneeId: row.assigneeId, offeredTo: row.offeredTo }
}
