import type { LoadedContact } from '../../db/queries/load-contacts.ts'
import type { LoadedConversation } from '../../db/queries/load-conversations.ts'
import type { LoadedMessage } from '../../db/queries/load-messages.ts'
import type { ContactHit, MessageHit } from '../wire/search.ts'
import { presentMessage } from './message.ts'

/** A message that was found, as results show it. */
export function presentMessageHit(
  conversation: LoadedConversation,
  message: LoadedMessage | null,
  found: Pick<MessageHit, 'place' | 'snippet'>,
): MessageHit {
  return {
    conversation: {
      id: conversation.id,
      channel: conversation.channel,
      status: conversation.status,
      subject: conversation.subject,
      contact: { id: conversation.contactId, name: conversation.contactName, avatarUrl: conversation.contactAvatarUrl },
      assigneeId: conversation.assigneeId,
    },
    message: message === null ? null : headOf(message),
    at: message?.createdAt ?? conversation.createdAt,
    ...found,
  }
}

function headOf(row: LoadedMessage): MessageHit['message'] {
  const { id, ordinal, direction, author } = presentMessage(row)
  return { id, ordinal, direction, author: { type: author.type, name: author.name } }
}

/** A contact that was found, as results show it. */
export function presentContactHit(contact: LoadedContact, found: ContactHit['found']): ContactHit {
  return { contact: { id: contact.id, name: contact.name, avatarUrl: contact.avatarUrl }, found }
}
