import type { PhoneBubble, PhoneButton, PhonePanel } from '../../../src/wire/sandbox.ts'
import { isRecord, type JsonRecord } from '../inbound-fields.ts'
import type { TranscriptEntry } from './platform.ts'

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const textOrNull = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const recordsOf = (value: unknown): JsonRecord[] => (Array.isArray(value) ? value.filter(isRecord) : [])

/** Longest words of a quoted message that are shown. */
const quotedChars = 80

/** A message in the platform's form as the phone shows it. @param own where the customer's own medium is; null when it is gone. */
export function bubbleOf(message: TranscriptEntry['message'], own: string | null): PhoneBubble {
  switch (message.type) {
    case 'text':
      return { type: 'text', text: text(message.text) }
    case 'textV2':
      return substituted(message)
    case 'sticker':
      return { type: 'sticker', packageId: text(message.packageId), stickerId: text(message.stickerId) }
    case 'location': {
      const { latitude, longitude, title, address } = message
      return {
        type: 'location',
        latitude: Number(latitude),
        longitude: Number(longitude),
        title: textOrNull(title),
        address: textOrNull(address),
      }
    }
    case 'image':
    case 'video':
    case 'audio':
      return { type: message.type, url: own ?? textOrNull(message.originalContentUrl) }
    case 'file':
      return { type: 'file', name: text(message.fileName) }
    case 'template':
      return { type: 'card', panels: isRecord(message.template) ? panelsOf(message.template) : [] }
    case 'imagemap':
      return { type: 'card', panels: [imageMapOf(message)] }
    case 'flex':
      return { type: 'card', panels: [flexOf(message)] }
    default:
      return { type: 'unknown', kind: message.type }
  }
}

/** The words with mentions written out, and where pictures stand in them. */
function substituted(message: JsonRecord): PhoneBubble {
  const keys = isRecord(message.substitution) ? message.substitution : {}
  const emojis: { index: number; length: number; url: string }[] = []
  let words = ''
  for (const piece of text(message.text).split(/(\{\{|\}\}|\{[^{}]*\})/)) {
    if (piece === '{{' || piece === '}}') words += piece.slice(1)
    else if (!piece.startsWith('{')) words += piece
    else {
      const object = keys[piece.slice(1, -1)]
      if (!isRecord(object)) continue
      if (object.type === 'emoji') {
        const picture = '(emoji)'
        const url = `https://stickershop.line-scdn.net/sticonshop/v1/sticon/${text(object.productId)}/android/${text(object.emojiId)}.png`
        emojis.push({ index: words.length, length: picture.length, url })
        words += picture
      } else words += mentioned(object.mentionee)
    }
  }
  return { type: 'text', text: words, ...(emojis.length > 0 && { emojis }) }
}

function mentioned(mentionee: unknown): string {
  if (!isRecord(mentionee)) return ''
  return mentionee.type === 'all' ? '@All' : `@${text(mentionee.userId).slice(-4)}`
}

function panelsOf(template: JsonRecord): PhonePanel[] {
  const panel = (holder: JsonRecord): PhonePanel => ({
    title: textOrNull(holder.title),
    lines: textOrNull(holder.text) === null ? [] : [text(holder.text)],
    imageUrl: textOrNull(holder.thumbnailImageUrl ?? holder.imageUrl),
    buttons: (Array.isArray(holder.actions) ? recordsOf(holder.actions) : recordsOf([holder.action])).flatMap(buttonOf),
  })
  return template.columns === undefined ? [panel(template)] : recordsOf(template.columns).map(panel)
}

function imageMapOf(message: JsonRecord): PhonePanel {
  return {
    title: textOrNull(message.altText),
    lines: [],
    imageUrl: `${text(message.baseUrl)}/1040`,
    buttons: recordsOf(message.actions).flatMap((action) =>
      buttonOf({ ...action, uri: action.linkUri, label: action.label ?? action.text }),
    ),
  }
}

/** The texts of a Flex message in their order, and its actions. */
function flexOf(message: JsonRecord): PhonePanel {
  const lines: string[] = []
  const buttons: PhoneButton[] = []
  const walk = (value: unknown, depth: number): void => {
    if (depth === 0) return
    if (Array.isArray(value)) for (const item of value) walk(item, depth - 1)
    if (!isRecord(value)) return
    if (value.type === 'text' && typeof value.text === 'string') lines.push(value.text)
    if (isRecord(value.action)) buttons.push(...buttonOf(value.action))
    for (const [name, item] of Object.entries(value)) if (name !== 'action') walk(item, depth - 1)
  }
  walk(message.contents, 12)
  return {
    title: null,
    lines: lines.length > 0 ? lines.slice(0, 20) : [text(message.altText)],
    imageUrl: null,
    buttons: buttons.slice(0, 20),
  }
}

/** Suggested answers of a message. */
export function quickRepliesOf(entry: TranscriptEntry): PhoneButton[] {
  const { quickReply } = entry.message
  return recordsOf(isRecord(quickReply) ? quickReply.items : []).flatMap((item) => (isRecord(item.action) ? buttonOf(item.action) : []))
}

function buttonOf(action: JsonRecord): PhoneButton[] {
  const label = text(action.label)
  switch (action.type) {
    case 'message':
      return [{ label: label || text(action.text), act: 'say', value: text(action.text) }]
    case 'postback':
      return [{ label, act: 'reply', value: text(action.data) }]
    case 'uri':
      return [{ label, act: 'open', value: text(action.uri) }]
    case 'datetimepicker': {
      const mode = action.mode === 'date' || action.mode === 'time' ? action.mode : 'datetime'
      return [{ label, act: 'pick', value: text(action.data), mode }]
    }
    case 'location':
      return [{ label, act: 'ask', value: 'location' }]
    case 'camera':
      return [{ label, act: 'ask', value: 'camera' }]
    case 'cameraRoll':
      return [{ label, act: 'ask', value: 'photos' }]
    default:
      return []
  }
}

/** Words of the message that an entry quotes: a customer names it by id, the account by its quote token. */
export function quoteOf(entries: readonly TranscriptEntry[], entry: TranscriptEntry): string | null {
  const { quotedMessageId, quoteToken } = entry.message
  const id = entry.from === 'customer' ? textOrNull(quotedMessageId) : null
  const token = entry.from === 'account' ? textOrNull(quoteToken) : null
  if (id === null && token === null) return null
  const quoted = entries.find((other) =>
    id === null ? other !== entry && (other.quoteToken === token || other.message.quoteToken === token) : other.id === id,
  )
  if (quoted === undefined || quoted.unsentAt !== null) return ''
  const { message } = quoted
  return (textOrNull(message.text) ?? textOrNull(message.altText) ?? message.type).slice(0, quotedChars)
}
