import { type FileRow, fileById } from '../../../db/queries/files.ts'
import { messagesWithFile, threadHeads } from '../../../db/queries/visitor-threads.ts'
import { AppError } from '../../lib/errors.ts'
import { isForVisitor } from '../../present/visitor-thread.ts'
import { cardBodySchema, filesOfCard } from '../../wire/cards.ts'
import type { MessagePart } from '../../wire/messages.ts'
import type { ServiceContext } from '../context.ts'
import type { FileContent } from '../files/open-file.ts'
import type { Visitor } from './chat-inbox.ts'

/**
 * A file of the visitor's own conversations, or one they have just uploaded.
 * @throws AppError 'not_found' for every other file, so that its being there is not told.
 */
export async function openVisitorFile(ctx: ServiceContext, visitor: Visitor, fileId: string): Promise<FileContent> {
  const [file] = await fileById(ctx.store, { id: fileId })
  if (file === undefined || file.blobKey === null || file.state !== 'ready' || !(await maySee(ctx, visitor, file))) {
    throw new AppError('not_found', 'There is no such file.')
  }
  const { name, mime, bytes, blobKey } = file
  return { name, mime, bytes, open: (range) => ctx.blobs.get(blobKey, range) }
}

/** Agents also attach files to notes: a file counts only where a message that crossed to the visitor carries it. */
async function maySee(ctx: ServiceContext, visitor: Visitor, file: FileRow): Promise<boolean> {
  const { inbox, visitorId } = visitor
  if (file.uploaderType === 'contact' && file.uploaderId === visitorId && file.inboxId === inbox.id) return true
  if (file.conversationId === null) return false
  const heads = await threadHeads(ctx.store, { inboxId: inbox.id, threadKey: visitorId })
  if (!heads.some((head) => head.id === file.conversationId)) return false
  const rows = await messagesWithFile(ctx.store, file.conversationId, file.id)
  return rows.some(
    (row) => isForVisitor(row) && row.unsentAt === null && row.inboxId === inbox.id && row.parts.some((part) => carries(part, file.id)),
  )
}

function carries(part: MessagePart, fileId: string): boolean {
  if (part.type === 'media') return part.fileId === fileId
  const body = part.type === 'card' ? cardBodySchema.safeParse(part.body) : null
  return body?.success === true && filesOfCard(body.data).includes(fileId)
}
