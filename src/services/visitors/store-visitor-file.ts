import { fileTypeFromBuffer } from 'file-type'
import { AppError } from '../../lib/errors.ts'
import { cleanFileName } from '../../lib/file-name.ts'
import { newId } from '../../lib/ids.ts'
import type { VisitorFile } from '../../wire/visitor.ts'
import type { ServiceContext } from '../context.ts'
import type { Visitor } from './chat-inbox.ts'

/** As much of a file's beginning as telling its type needs. */
const headBytes = 4_100

/**
 * Keeps a file a visitor wants to send. It belongs to nobody's conversation until a message of the same visitor names it, and
 * its type is what its bytes say, whatever the browser claims.
 * @throws AppError 'too_large', 'invalid_input' when it is empty or this chat takes none, 'unavailable' when it cannot be stored.
 */
export async function storeVisitorFile(
  ctx: ServiceContext,
  visitor: Visitor,
  name: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<VisitorFile> {
  const maxBytes = visitor.config.maxFileBytes
  if (maxBytes === 0) throw new AppError('invalid_input', 'This chat takes no files.', { code: 'no_files' })
  const head: Uint8Array[] = []
  const blob = await ctx.blobs.put(keepHead(bytes, head), { maxBytes })
  try {
    if (blob.bytes === 0) throw new AppError('invalid_input', 'The file is empty.', { code: 'empty_file' })
    const sniffed = await fileTypeFromBuffer(Buffer.concat(head).subarray(0, headBytes))
    const file = { id: newId(), name: cleanFileName(name), mime: sniffed?.mime ?? 'application/octet-stream', bytes: blob.bytes }
    await ctx.store.db.insert(ctx.store.t.files).values({
      ...file,
      conversationId: null,
      inboxId: visitor.inbox.id,
      blobKey: blob.key,
      sha256: blob.sha256,
      state: 'ready',
      source: null,
      attempts: 0,
      nextAttemptAt: null,
      publicToken: null,
      uploaderType: 'contact',
      uploaderId: visitor.visitorId,
      createdAt: ctx.clock.now(),
    })
    return { fileId: file.id, name: file.name, mime: file.mime, bytes: file.bytes }
  } catch (error) {
    await ctx.blobs.delete(blob.key)
    throw error
  }
}

async function* keepHead(bytes: AsyncIterable<Uint8Array>, head: Uint8Array[]): AsyncGenerator<Uint8Array> {
  let kept = 0
  for await (const chunk of bytes) {
    if (kept < headBytes) head.push(chunk)
    kept += chunk.length
    yield chunk
  }
}
