import type { LoadedMessage } from '../../db/queries/load-messages.ts'
import type { Message } from '../wire/messages.ts'
import { memberName } from './member.ts'

/** A message as agents see it; one taken back by its author keeps its place and loses its content. */
export function presentMessage(row: LoadedMessage): Message {
  return {
    id: row.id,
    conversationId: row.conversationId,
    ordinal: row.ordinal,
    direction: row.direction,
    channel: row.channel,
    author: authorOf(row),
    parts: row.unsentAt === null ? row.parts : [],
    clientId: row.clientId,
    mail: row.unsentAt === null ? row.mail : null,
    quotedMessageId: row.quotedMessageId,
    delivery: row.delivery === null ? null : { status: row.delivery, error: row.deliveryError },
    editedAt: row.editedAt,
    unsentAt: row.unsentAt,
    occurredAt: row.occurredAt,
    createdAt: row.createdAt,
  }
}

/** A member of a group is named and is no contact of ours. */
function authorOf(row: LoadedMessage): Message['author'] {
  if (row.authorName !== null) return { type: row.authorType, id: row.authorType === 'contact' ? null : row.authorId, name: row.authorName }
  if (row.memberExternalId !== null)
    return { type: row.authorType, id: null, name: memberName(row.memberName, row.memberExternalId), avatarUrl: row.memberAvatarUrl }
  return { type: row.authorType, id: row.authorId, name: row.agentName ?? row.contactName ?? '' }
}
