import { conversationById } from '../../../db/queries/conversations.ts'
import { type FileRow, fileById, fileByPublicToken } from '../../../db/queries/files.ts'
import { authorize, type Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import type { OpenBlob } from '../../ports/blobs.ts'
import type { ServiceContext } from '../context.ts'
import { scopeOf } from '../conversations/move-conversation.ts'

/** A file's facts and how to read it. */
export interface FileContent {
  readonly name: string
  readonly mime: string
  readonly bytes: number
  open(range?: { start: number; end?: number }): Promise<OpenBlob>
}

/**
 * A file for an agent: one of a conversation they may see, or one they have just uploaded.
 * @throws AppError 'not_found' for every other; 'conflict' with code `file_not_ready` while its bytes are not here.
 */
export async function openFile(ctx: ServiceContext, viewer: Viewer, id: string): Promise<FileContent> {
  const [file] = await fileById(ctx.store, { id })
  if (file === undefined || !(await maySee(ctx, viewer, file))) throw noFile()
  if (file.state !== 'ready' || file.blobKey === null) {
    throw new AppError('conflict', 'The file is not here yet, or could not be fetched.', { code: 'file_not_ready', state: file.state })
  }
  return contentOf(ctx, file, file.blobKey)
}

/** A file for a provider that was given its address. @throws AppError 'not_found'. */
export async function openPublicFile(ctx: ServiceContext, token: string): Promise<FileContent> {
  const [file] = await fileByPublicToken(ctx.store, { token })
  if (file === undefined || file.state !== 'ready' || file.blobKey === null) throw noFile()
  return contentOf(ctx, file, file.blobKey)
}

async function maySee(ctx: ServiceContext, viewer: Viewer, file: FileRow): Promise<boolean> {
  if (file.conversationId === null) return file.uploaderType === 'agent' && file.uploaderId === viewer.agentId
  const [conversation] = await conversationById(ctx.store, { id: file.conversationId })
  // Asked rather than required: the answer for a hidden conversation must read like that for no file at all.
  return (
    conversation !== undefined &&
    authorize(viewer, 'conversation.read', { kind: 'conversation', scope: scopeOf(conversation) }) === 'allowed'
  )
}

function contentOf(ctx: ServiceContext, { name, mime, bytes }: FileRow, blobKey: string): FileContent {
  return { name, mime, bytes, open: (range) => ctx.blobs.get(blobKey, range) }
}

function noFile(): AppError {
  return new AppError('not_found', 'There is no such file.')
}
