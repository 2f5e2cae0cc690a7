import { inArray } from 'drizzle-orm'
import type { InboundPart } from '../../../channels/contract.ts'
import type { Tx } from '../../../db/store.ts'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import type { MessagePart } from '../../wire/messages.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'
import type { InboundMessage } from '../conversations/receive-message.ts'
import { mediaKindOf } from './media-kind.ts'

/** The parts as they are stored, and the files they refer to. */
export interface StoredParts {
  readonly parts: MessagePart[]
  readonly fileIds: string[]
}

/**
 * Gives every medium a file of ours: one waiting to be fetched (the job starts after the commit), or the one
 * the visitor has uploaded.
 * @throws AppError 'invalid_input' when an uploaded file does not exist in this inbox or belongs to another conversation.
 */
export async function storeInboundParts(
  tx: Tx,
  ctx: ServiceContext,
  inbox: OpenInbox,
  item: Pick<InboundMessage, 'parts'>,
): Promise<StoredParts> {
  const parts: MessagePart[] = []
  const fileIds: string[] = []
  for (const part of item.parts) {
    if (part.type === 'media') {
      const { stored, fileId } = await awaitMedium(tx, ctx, inbox, part)
      parts.push(stored)
      fileIds.push(fileId)
    } else if (part.type === 'uploaded') {
      parts.push(await uploadedMedium(tx, inbox, part.fileId))
      fileIds.push(part.fileId)
    } else {
      parts.push(part)
    }
  }
  return { parts, fileIds }
}

async function awaitMedium(tx: Tx, ctx: ServiceContext, inbox: OpenInbox, part: Extract<InboundPart, { type: 'media' }>) {
  const { source, ...rest } = part
  const fileId = newId()
  const now = ctx.clock.now()
  await tx.db.insert(tx.t.files).values({
    id: fileId,
    conversationId: null,
    inboxId: inbox.id,
    blobKey: null,
    name: part.name ?? part.kind,
    mime: part.mime ?? 'application/octet-stream',
    bytes: part.bytes ?? 0,
    sha256: null,
    state: 'pending',
    source: { ...source },
    attempts: 0,
    nextAttemptAt: now,
    publicToken: null,
    uploaderType: 'contact',
    uploaderId: null,
    createdAt: now,
  })
  tx.afterCommit(() => void ctx.jobs.add('file.fetch', { fileId }, { key: fileId }).catch(() => undefined))
  const stored: MessagePart = { ...rest, fileId, state: 'pending' }
  return { stored, fileId }
}

async function uploadedMedium(tx: Tx, inbox: OpenInbox, fileId: string): Promise<MessagePart> {
  const [file] = await tx.db
    .select()
    .from(tx.t.files)
    .where(inArray(tx.t.files.id, [fileId]))
  if (file === undefined || file.inboxId !== inbox.id || file.conversationId !== null || file.state !== 'ready') {
    throw new AppError('invalid_input', 'The uploaded file is not there any more; attach it again.', { fileId })
  }
  return { type: 'media', kind: mediaKindOf(file.mime), fileId, name: file.name, mime: file.mime, bytes: file.bytes, state: 'ready' }
}
