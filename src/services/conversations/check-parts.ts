import { inArray } from 'drizzle-orm'
import type { FileRow } from '../../../db/queries/files.ts'
import type { Store, Tx } from '../../../db/store.ts'
import { AppError } from '../../lib/errors.ts'
import type { Capabilities } from '../../wire/inboxes.ts'
import type { MediaPart, MessagePart, OutgoingPart } from '../../wire/messages.ts'
import { mediaKindOf } from '../files/media-kind.ts'

/**
 * Turns what an agent wrote into the parts of a message, refusing what the channel cannot carry before
 * anything is queued.
 * @param capabilities the channel's; null for a note, which no channel limits.
 * @throws AppError 'invalid_input' naming the limit.
 */
export async function checkParts(
  on: Store | Tx,
  conversationId: string,
  parts: readonly OutgoingPart[],
  capabilities: Capabilities | null,
): Promise<MessagePart[]> {
  if (capabilities !== null && parts.length > capabilities.maxParts) {
    throw refusal(`This channel takes at most ${capabilities.maxParts} parts in a message.`, 'too_many_parts', {
      maxParts: capabilities.maxParts,
    })
  }
  const files = await filesOf(on, conversationId, parts)
  return parts.map((part) => checkPart(part, files, capabilities))
}

function checkPart(part: OutgoingPart, files: ReadonlyMap<string, FileRow>, capabilities: Capabilities | null): MessagePart {
  switch (part.type) {
    case 'text': {
      const maxChars = capabilities?.textMaxChars ?? null
      if (maxChars !== null && part.text.length > maxChars) {
        throw refusal(`The text has ${part.text.length} characters; this channel takes at most ${maxChars}.`, 'too_long', {
          maxChars,
          chars: part.text.length,
        })
      }
      return part
    }
    case 'sticker':
      if (capabilities?.stickers === false) throw refusal('This channel has no stickers.', 'unsupported_part')
      return part
    case 'location':
      if (capabilities?.location === false) throw refusal('This channel cannot carry a location.', 'unsupported_part')
      return part
    case 'file':
      return checkFile(part.fileId, files.get(part.fileId), capabilities)
  }
}

function checkFile(fileId: string, file: FileRow | undefined, capabilities: Capabilities | null): MediaPart {
  if (file === undefined) throw refusal('The attached file is not there any more; attach it again.', 'unknown_file', { fileId })
  const kind = mediaKindOf(file.mime)
  if (capabilities !== null) {
    const carried = capabilities.media.includes(kind) ? kind : 'file'
    if (!capabilities.media.includes(carried)) throw refusal(`This channel cannot carry ${file.name}.`, 'unsupported_part', { fileId })
    const maxBytes = capabilities.mediaMaxBytes[carried]
    if (maxBytes !== undefined && file.bytes > maxBytes) {
      throw refusal(`${file.name} has ${file.bytes} bytes; this channel takes at most ${maxBytes}.`, 'file_too_large', { fileId, maxBytes })
    }
  }
  return { type: 'media', kind, fileId, name: file.name, mime: file.mime, bytes: file.bytes, state: 'ready' }
}

async function filesOf(on: Store | Tx, conversationId: string, parts: readonly OutgoingPart[]): Promise<Map<string, FileRow>> {
  const ids = parts.flatMap((part) => (part.type === 'file' ? [part.fileId] : []))
  if (ids.length === 0) return new Map()
  const { db, t } = on as Store
  const rows = await db.select().from(t.files).where(inArray(t.files.id, ids))
  const usable = rows.filter((file) => file.state === 'ready' && (file.conversationId === null || file.conversationId === conversationId))
  return new Map(usable.map((file) => [file.id, file]))
}

function refusal(sentence: string, code: string, details: Record<string, unknown> = {}): AppError {
  return new AppError('invalid_input', sentence, { code, ...details })
}
