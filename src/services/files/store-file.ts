import { fileTypeFromBuffer } from 'file-type'
import { insertFile } from '../../../db/queries/files.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { cleanFileName } from '../../lib/file-name.ts'
import { newId } from '../../lib/ids.ts'
import type { FileInfo } from '../../wire/files.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { mediaKindOf } from './media-kind.ts'

/** The largest file an agent may upload, bytes: what the most generous channel takes (LINE video). */
export const maxUploadBytes = 200 * 1024 * 1024

/** Bytes a type can be told from. */
const headBytes = 4_100

/**
 * Keeps a file an agent wants to send. Until a message names it, only its uploader may read it; its type is what its
 * bytes say, whatever the browser claims.
 * @throws AppError 'too_large'; 'invalid_input' when it is empty; 'unavailable' when it cannot be stored.
 */
export async function storeFile(ctx: ServiceContext, viewer: Viewer, name: string, bytes: AsyncIterable<Uint8Array>): Promise<FileInfo> {
  require(viewer, 'conversation.reply')
  const head: Uint8Array[] = []
  const blob = await ctx.blobs.put(keepHead(bytes, head), { maxBytes: maxUploadBytes })
  try {
    if (blob.bytes === 0)
      throw new AppError('invalid_input', 'The file is empty.', { code: 'empty_file', fields: [{ path: 'file', message: 'is empty' }] })
    const sniffed = await fileTypeFromBuffer(Buffer.concat(head).subarray(0, headBytes))
    const file = { id: newId(), name: cleanFileName(name), mime: sniffed?.mime ?? 'application/octet-stream', bytes: blob.bytes }
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

/** Passes the bytes on and keeps the first of them. */
async function* keepHead(bytes: AsyncIterable<Uint8Array>, head: Uint8Array[]): AsyncGenerator<Uint8Array> {
  let kept = 0
  for await (const chunk of bytes) {
    if (kept < headBytes) head.push(chunk)
    kept += chunk.length
    yield chunk
  }
}
