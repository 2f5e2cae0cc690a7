import { insertFile } from '../../../db/queries/files.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { cleanFileName } from '../../lib/file-name.ts'
import { newId } from '../../lib/ids.ts'
import type { FileInfo } from '../../wire/files.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { mediaKindOf } from './media-kind.ts'
import { takeFile } from './take-file.ts'

/** The largest file an agent may upload, bytes: what the most generous channel takes (LINE video). */
export const maxUploadBytes = 200 * 1024 * 1024

/**
 * Keeps a file an agent wants to send. Until a message names it, only its uploader may read it; its type is what its
 * bytes say, whatever the browser claims.
 * @throws AppError 'too_large'; 'invalid_input' when it is empty or found harmful; 'unavailable' when it cannot be stored or judged.
 */
export async function storeFile(ctx: ServiceContext, viewer: Viewer, name: string, bytes: AsyncIterable<Uint8Array>): Promise<FileInfo> {
  require(viewer, 'conversation.reply')
  const { blob, mime } = await takeFile(ctx, bytes, { maxBytes: maxUploadBytes, stripPrivate: false })
  try {
    const file = { id: newId(), name: cleanFileName(name), mime, bytes: blob.bytes }
    await ctx.store.tx((tx) =>
      insertFile(tx, {
        ...file,
        conversationId: null,
        inboxId: null,
        blobKey: blob.key,
        sha256: blob.sha256,
        state: 'ready',
        source: null,
        attempts: 0,
        nextAttemptAt: null,
        publicToken: null,
        uploaderType: 'agent',
        uploaderId: viewer.agentId,
        createdAt: ctx.clock.now(),
      }),
    )
    return { ...file, kind: mediaKindOf(file.mime) }
  } catch (error) {
    await ctx.blobs.delete(blob.key)
    throw error
  }
}
