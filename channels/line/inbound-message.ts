import { sanitizeText } from '../../src/lib/sanitize-text.ts'
import type { Entity } from '../../src/wire/messages.ts'
import type { Inbound, InboundPart } from '../contract.ts'
import type { EventHead } from './inbound-event.ts'
import { idAt, isRecord, type JsonRecord, optionalCount, optionalText, textAt } from './inbound-fields.ts'

type InboundMessage = Extract<Inbound, { type: 'message' }>

/**
 * Turns a message event into our words. Its id is the message's, so that an event that comes again under
 * another event id is still the same message.
 * @throws AppError 'invalid_input' naming the member that is missing or wrong.
 */
export function readMessage(message: JsonRecord, event: JsonRecord, head: EventHead): InboundMessage {
  const id = idAt(message, 'id')
  const providerIds: { kind: string; value: string }[] = []
  const keep = (kind: string, value: string | undefined): void => void (value !== undefined && providerIds.push({ kind, value }))
  keep('quoteToken', optionalText(message, 'quoteToken', 500))
  keep('markAsRead', optionalText(message, 'markAsReadToken', 500))
  if (event.mode === 'standby') keep('mode', 'standby')
  const memberId = head.party.kind !== 'line' && isRecord(event.source) ? optionalText(event.source, 'userId', 64) : undefined
  const quotedExternalId = optionalText(message, 'quotedMessageId', 64)
  return {
    type: 'message',
    ...head,
    externalId: id,
    parts: [readPart(message, id)],
    providerIds,
    ...(quotedExternalId !== undefined && { quotedExternalId }),
    ...(memberId !== undefined && { memberId }),
  }
}

function readPart(message: JsonRecord, id: string): InboundPart {
  switch (message.type) {
    case 'text':
      return readText(message)
    case 'image':
    case 'video':
    case 'audio':
      return readMedia(message.type, message, id)
    case 'file':
      return { ...readMedia('file', message, id), ...readFileFacts(message) }
    case 'sticker':
      return readSticker(message)
    case 'location':
      return readLocation(message)
    default:
      return unsupported(message)
  }
}

function unsupported(message: JsonRecord): InboundPart {
  return { type: 'unsupported', kind: optionalText(message, 'type', 60) ?? 'unknown' }
}

function readText(message: JsonRecord): InboundPart {
  const text = textAt(message, 'text')
  const sent = String(message.text)
  const emojis = Array.isArray(message.emojis) ? message.emojis : []
  const mentions = isRecord(message.mention) && Array.isArray(message.mention.mentionees) ? message.mention.mentionees : []
  if (emojis.length === 0 && mentions.length === 0) return { type: 'text', text }
  const entities = [...emojis.map((emoji) => readEmoji(emoji)), ...mentions.map((mention) => readMention(mention))]
    .filter((entity) => entity !== undefined)
    .map((entity) => placed(entity, sent, text))
    .filter((entity) => entity !== undefined)
    .toSorted((a, b) => a.index - b.index)
  return { type: 'text', text, ...(entities.length > 0 && { entities }) }
}

function readSpan(value: JsonRecord): { index: number; length: number } | undefined {
  const index = optionalCount(value, 'index')
  const length = optionalCount(value, 'length')
  return index === undefined || length === undefined || length === 0 ? undefined : { index, length }
}

function readEmoji(value: unknown): Entity | undefined {
  if (!isRecord(value)) return undefined
  const span = readSpan(value)
  const product = optionalText(value, 'productId', 64)
  const emoji = optionalText(value, 'emojiId', 64)
  return span && product && emoji ? { kind: 'emoji', ...span, value: `${product}/${emoji}` } : undefined
}

function readMention(value: unknown): Entity | undefined {
  if (!isRecord(value)) return undefined
  const span = readSpan(value)
  if (!span) return undefined
  const who = value.type === 'all' ? 'all' : optionalText(value, 'userId', 64)
  return {
    kind: 'mention',
    ...span,
    ...(who !== undefined && { value: who }),
    ...(value.isSelf === true && { self: true }),
  }
}

/** Moves a span from the text as it was sent to the cleaned text; undefined when it does not lie in it. */
function placed(entity: Entity, sent: string, text: string): Entity | undefined {
  if (entity.index + entity.length > sent.length) return undefined
  if (sent.length === text.length) return entity
  const index = sanitizeText(sent.slice(0, entity.index)).length
  const length = sanitizeText(sent.slice(entity.index, entity.index + entity.length)).length
  return length === 0 ? undefined : { ...entity, index, length }
}

type MediaPart = Extract<InboundPart, { type: 'media' }>

function readMedia(kind: MediaPart['kind'], message: JsonRecord, id: string): MediaPart {
  const durationMs = optionalCount(message, 'duration')
  const album = readAlbum(message.imageSet)
  return {
    type: 'media',
    kind,
    source: readSourceOf(message, id),
    ...(durationMs !== undefined && { durationMs }),
    ...(album && { album }),
  }
}

function readFileFacts(message: JsonRecord): Pick<MediaPart, 'name' | 'bytes'> {
  const name = optionalText(message, 'fileName', 255)
  const bytes = optionalCount(message, 'fileSize')
  return { ...(name !== undefined && { name }), ...(bytes !== undefined && { bytes }) }
}

/** Content that another server holds is not to be had from LINE. */
function readSourceOf(message: JsonRecord, messageId: string): Readonly<Record<string, unknown>> {
  const provider = message.contentProvider
  if (!isRecord(provider) || provider.type !== 'external') return { messageId }
  const url = optionalText(provider, 'originalContentUrl', 2000)
  return url === undefined ? { messageId } : { url }
}

function readAlbum(imageSet: unknown): MediaPart['album'] {
  if (!isRecord(imageSet)) return undefined
  const id = optionalText(imageSet, 'id', 64)
  if (id === undefined) return undefined
  const index = optionalCount(imageSet, 'index')
  const total = optionalCount(imageSet, 'total')
  return { id, ...(index !== undefined && { index }), ...(total !== undefined && { total }) }
}

const stickerId = /^[A-Za-z0-9_-]{1,40}$/

function readSticker(message: JsonRecord): InboundPart {
  const { packageId, stickerId: id } = message
  if (typeof packageId !== 'string' || typeof id !== 'string' || !stickerId.test(packageId) || !stickerId.test(id))
    return unsupported(message)
  const keywords = (Array.isArray(message.keywords) ? message.keywords : [])
    .filter((keyword) => typeof keyword === 'string')
    .slice(0, 15)
    .map((keyword) => sanitizeText(keyword.slice(0, 100)))
  const resourceType = optionalText(message, 'stickerResourceType', 40)
  const text = optionalText(message, 'text', 200)
  return {
    type: 'sticker',
    packageId,
    stickerId: id,
    ...(resourceType !== undefined && { resourceType }),
    ...(keywords.length > 0 && { keywords }),
    ...(text !== undefined && { text }),
  }
}

function readLocation(message: JsonRecord): InboundPart {
  const { latitude, longitude } = message
  if (typeof latitude !== 'number' || typeof longitude !== 'number' || Math.abs(latitude) > 90 || Math.abs(longitude) > 180)
    return unsupported(message)
  const title = optionalText(message, 'title', 100)
  const address = optionalText(message, 'address', 300)
  return {
    type: 'location',
    latitude,
    longitude,
    ...(title !== undefined && { title }),
    ...(address !== undefined && { address }),
  }
}
