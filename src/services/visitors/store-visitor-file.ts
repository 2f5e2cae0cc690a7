import { isUniqueViolation } from '../../../db/portable.ts'
import { AppError } from '../../lib/errors.ts'
import { cleanFileName } from '../../lib/file-name.ts'
import type { VisitorFile } from '../../wire/visitor.ts'
import type { ServiceContext } from '../context.ts'
import { takeFile } from '../files/take-file.ts'
import type { Visitor } from './chat-inbox.ts'
import { readUploadTicket } from './upload-ticket.ts'

/**
 * Keeps a file a visitor wants to send, under the ticket they were given for it. It belongs to nobody's conversation until a
 * message of the same visitor names it; its type is what its bytes say, whatever the browser claims; pictures lose what they
 * tell of place, camera and owner.
 * @throws AppError 'forbidden' with code `ticket`; 'conflict' with code `ticket_used`; what `takeFile` throws.
 */
export async function storeVisitorFile(
  ctx: ServiceContext,
  visitor: Visitor,
  ticket: string,
  name: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<VisitorFile> {
  const { fileId, maxBytes } = readUploadTicket(ctx, visitor, ticket)
  const { blob, mime } = await takeFile(ctx, bytes, { maxBytes: Math.min(maxBytes, visitor.config.maxFileBytes), stripPrivate: true })
  const file = { id: fileId, name: cleanFileName(name), mime, bytes: blob.bytes }
  try {
    await ctx.store.tx(async (tx) => {
      await tx.db.insert(tx.t.files).values({
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
    })
  } catch (error) {
    await ctx.blobs.delete(blob.key)
    if (isUniqueViolation(error, ['id'])) {
      throw new AppError('conflict', 'This upload was done already; attach the file again.', { code: 'ticket_used' })
    }
    throw error
  }
  return { fileId, name: file.name, mime, bytes: blob.bytes }
}
