import { appendOwn } from '../../../db/queries/conversations.ts'
import { insertMessage, type MessageRow } from '../../../db/queries/messages.ts'
import type { Tx } from '../../../db/store.ts'
import { newId } from '../../lib/ids.ts'
import type { MessagePart } from '../../wire/messages.ts'
import type { Actor } from '../../wire/words.ts'
import { previewOf } from './preview.ts'

/** What a new message of ours is made of; the rest is empty. */
export interface NewMessage extends Pick<MessageRow, 'conversationId' | 'inboxId' | 'direction' | 'parts'> {
  readonly actor: Actor
  readonly now: number
  readonly clientId?: string
  readonly quotedMessageId?: string
  readonly delivery?: MessageRow['delivery']
  /** Where it must be known beforehand. */
  readonly id?: string
  readonly mail?: MessageRow['mail']
}

/** A message row with nothing in the columns that most messages leave empty. */
export function blankMessage(): Omit<
  MessageRow,
  'id' | 'conversationId' | 'inboxId' | 'ordinal' | 'direction' | 'authorType' | 'parts' | 'occurredAt' | 'createdAt'
> {
  return {
    authorId: null,
    authorName: null,
    memberId: null,
    externalId: null,
    clientId: null,
    providerIds: null,
    mail: null,
    quotedMessageId: null,
    deliveryId: null,
    delivery: null,
    deliveryError: null,
    editedAt: null,
    unsentAt: null,
  }
}

/**
 * Adds a reply, a note or a line to a locked conversation, and `message.created` to the log.
 * A repeated `clientId` breaks a unique rule: look it up first, under the same lock.
 */
export async function appendMessage(tx: Tx, message: NewMessage): Promise<MessageRow> {
  const { conversationId, direction, parts, now, actor } = message
  const preview = direction === 'system' ? null : previewOf(direction, parts)
  const [numbered] = await appendOwn(tx, {
    id: conversationId,
    at: direction === 'system' ? null : now,
    preview,
    reads: direction === 'out' ? 1 : 0,
  })
  const row: MessageRow = {
    ...blankMessage(),
    id: message.id ?? newId(),
    conversationId,
    inboxId: message.inboxId,
    ordinal: numbered?.messageCount ?? 0,
    direction,
    authorType: actor.type,
    authorId: actor.id,
    parts,
    clientId: message.clientId ?? null,
    quotedMessageId: message.quotedMessageId ?? null,
    delivery: message.delivery ?? null,
    mail: message.mail ?? null,
    occurredAt: now,
    createdAt: now,
  }
  await insertMessage(tx, row)
  tx.append({
    type: 'message.created',
    at: now,
    actorType: actor.type,
    actorId: actor.id,
    conversationId,
    subjectId: row.id,
    data: { direction, ordinal: row.ordinal },
  })
  return row
}

/** Adds a line about what happened; readers render `code` and `params` in their language. */
export async function appendLine(
  tx: Tx,
  conversation: { readonly id: string; readonly inboxId: string },
  actor: Actor,
  now: number,
  code: string,
  params: Record<string, string | number> = {},
): Promise<void> {
  const parts: MessagePart[] = [{ type: 'system', code, params }]
  await appendMessage(tx, { conversationId: conversation.id, inboxId: conversation.inboxId, direction: 'system', parts, actor, now })
}
