import { eq } from 'drizzle-orm'
import { messagesWithFile, threadHeads } from '../../../db/queries/visitor-threads.ts'
import { AppError } from '../../lib/errors.ts'
import type { OpenBlob } from '../../ports/blobs.ts'
import { isForVisitor } from '../../present/visitor-thread.ts'
import type { ServiceContext } from '../context.ts'
import type { Visitor } from './chat-inbox.ts'

/** A file's facts and how to read it. */
export interface VisitorFileContent {
  readonly name: string
  readonly mime: string
  open(range?: { start: number; end?: number }): Promise<OpenBlob>
}

/**
 * A file of the visitor's own conversations, or one they have just uploaded.
 * @throws AppError 'not_found' for every other file, so that its being there is not told.
 */
export async function openVisitorFile(ctx: ServiceContext, visitor: Visitor, fileId: string): Promise<VisitorFileContent> {
  const { files } = ctx.store.t
  const [file] = await ctx.store.db.select().from(files).where(eq(files.id, fileId)).limit(1)
  const missing = new AppError('not_found', 'There is no such file.', { fileId })
  if (file === undefined || file.inboxId !== visitor.inbox.id || file.blobKey === null || file.state !== 'ready') throw missing
  const own = file.uploaderType === 'contact' && file.uploaderId === visitor.visitorId
  if (!own && !(await isInOwnThread(ctx, visitor, file.conversationId, fileId))) throw missing
  const { blobKey } = file
  return { name: file.name, mime: file.mime, open: (range) => ctx.blobs.get(blobKey, range) }
}

/** Agents also attach files to notes: a file counts only where a message that crossed to the visitor carries it. */
async function isInOwnThread(ctx: ServiceContext, visitor: Visitor, conversationId: string | null, fileId: string): Promise<boolean> {
  if (conversationId === null) return false
  const heads = await threadHeads(ctx.store, { inboxId: visitor.inbox.id, threadKey: visitor.visitorId })
  if (!heads.some((head) => head.id === conversationId)) return false
  const rows = await messagesWithFile(ctx.store, conversationId, fileId)
  return rows.some((row) => isForVisitor(row) && row.unsentAt === null && row.parts.some((part) => part.type === 'media' && part.fileId === fileId))
}
