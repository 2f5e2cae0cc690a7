import { inArray } from 'drizzle-orm'
import type { FileRow } from '../../../db/queries/files.ts'
import type { Store, Tx } from '../../../db/store.ts'
import { AppError } from '../../lib/errors.ts'
import { splitText } from '../../lib/split-text.ts'
import { filesOfCard, type OutgoingCard } from '../../wire/cards.ts'
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
  if (capabilities !== null && bubbleCount(parts, capabilities) > capabilities.maxParts) {
    throw refusal(`This channel takes at most ${capabilities.maxParts} parts in a message.`, 'too_many_parts', {
      maxParts: capabilities.maxParts,
    })
  }
  checkQuickReplies(parts, capabilities)
  const files = await filesOf(on, conversationId, parts)
  return parts.map((part) => checkPart(part, files, capabilities))
}

/** How many bubbles parts become: suggested answers stand under another, a long text takes several. */
function bubbleCount(parts: readonly OutgoingPart[], { textSplitChars }: Capabilities): number {
  return parts.reduce((sum, part) => {
    if (part.type === 'quick_replies') return sum
    return sum + (part.type === 'text' && textSplitChars !== undefined ? splitText(part.text, textSplitChars).length : 1)
  }, 0)
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
      return checkEntities(part, capabilities)
    }
    case 'card':
      return checkCard(part, files, capabilities)
    case 'quick_replies':
      return part
    case 'sticker':
      if (capabilities?.stickers === false) throw refusal('This channel has no stickers.', 'unsupported_part')
      if (capabilities?.stickerPackages?.includes(part.packageId) === false)
        throw refusal('This channel does not let accounts send stickers of this package.', 'unsupported_part')
      return part
    case 'location':
      if (capabilities?.location === false) throw refusal('This channel cannot carry a location.', 'unsupported_part')
      return part
    case 'file':
      return checkFile(part.fileId, files.get(part.fileId), capabilities)
  }
}

/** Suggested answers stand under something, and as many as the channel shows. */
function checkQuickReplies(parts: readonly OutgoingPart[], capabilities: Capabilities | null): void {
  const lists = parts.flatMap((part) => (part.type === 'quick_replies' ? [part.items] : []))
  if (lists.length === 0) return
  const most = capabilities?.quickReplies ?? 0
  if (most === 0) throw refusal('Suggested answers cannot be sent here.', 'unsupported_part')
  const [items = []] = lists
  if (items.length > most) throw refusal(`This channel shows at most ${most} suggested answers.`, 'too_many_parts', { max: most })
  if (lists.length > 1 || parts.length === lists.length) throw refusal('Suggested answers stand once, under a message.', 'unsupported_part')
}

type OutgoingText = Extract<OutgoingPart, { type: 'text' }>

/** Mentions and pictures lie within the text, one after the other, and only where the channel has them. */
function checkEntities(part: OutgoingText, capabilities: Capabilities | null): MessagePart {
  const { text, entities = [] } = part
  let end = 0
  for (const { kind, index, length } of entities.toSorted((a, b) => a.index - b.index)) {
    if (index < end || index + length > text.length) throw refusal('A mention or picture does not lie in the text.', 'bad_entity')
    end = index + length
    const carried = kind === 'link' || (kind === 'mention' ? capabilities?.mentions : capabilities?.emoji) === true
    if (!carried) throw refusal(`This channel carries no ${kind} in a text.`, 'unsupported_part')
  }
  return part
}

function checkCard(part: OutgoingCard, files: ReadonlyMap<string, FileRow>, capabilities: Capabilities | null): MessagePart {
  if (!(capabilities?.cards ?? []).includes(part.body.kind)) throw refusal('This channel cannot carry such a card.', 'unsupported_part')
  for (const fileId of filesOfCard(part.body)) {
    const file = files.get(fileId)
    if (file === undefined || mediaKindOf(file.mime) !== 'image')
      throw refusal('The picture of the card is not there any more; attach it again.', 'unknown_file', { fileId })
  }
  return part
}

/** Files that a message to be sent names. */
export function fileIdsOf(parts: readonly OutgoingPart[]): string[] {
  return parts.flatMap((part) => {
    if (part.type === 'file') return [part.fileId]
    return part.type === 'card' ? filesOfCard(part.body) : []
  })
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
  const ids = fileIdsOf(parts)
  if (ids.length === 0) return new Map()
  const { db, t } = on as Store
  const rows = await db.select().from(t.files).where(inArray(t.files.id, ids))
  const usable = rows.filter((file) => file.state === 'ready' && (file.conversationId === null || file.conversationId === conversationId))
  return new Map(usable.map((file) => [file.id, file]))
}

function refusal(sentence: string, code: string, details: Record<string, unknown> = {}): AppError {
  return new AppError('invalid_input', sentence, { code, ...details })
}
