import type { InboundPart } from '../../../channels/contract.ts'
import type { ConversationRow } from '../../../db/queries/conversations.ts'
import type { MessagePart } from '../../wire/messages.ts'
import type { MessageDirection } from '../../wire/words.ts'

const maxPreviewChars = 140

/** What lists show of a message: its first words, or the kind of thing it is. */
export function previewOf(
  direction: MessageDirection,
  parts: readonly (MessagePart | InboundPart)[],
): NonNullable<ConversationRow['preview']> {
  for (const part of parts) {
    if (part.type === 'text') return { direction, kind: 'text', text: cut(part.text) }
  }
  const first = parts[0]
  if (first === undefined) return { direction, kind: 'unsupported', text: '' }
  return { direction, kind: kindOf(first), text: cut(wordsOf(first)) }
}

function kindOf(part: MessagePart | InboundPart): string {
  if (part.type === 'media') return part.kind
  return part.type === 'uploaded' ? 'file' : part.type
}

function wordsOf(part: MessagePart | InboundPart): string {
  switch (part.type) {
    case 'media':
      return part.name ?? ''
    case 'sticker':
      return part.text ?? part.keywords?.[0] ?? ''
    case 'location':
      return part.title ?? part.address ?? ''
    case 'choice':
      return part.label ?? part.data
    case 'calendar':
      return part.summary
    case 'card':
      return part.altText
    case 'unsupported':
      return part.kind
    case 'text':
      return part.text
    case 'quick_replies':
    case 'system':
    case 'uploaded':
      return ''
  }
}

/** One line of at most `maxPreviewChars` UTF-16 units. */
function cut(text: string): string {
  const line = text.length > maxPreviewChars * 4 ? text.slice(0, maxPreviewChars * 4) : text
  const flat = line.replace(/\s+/g, ' ').trim()
  if (flat.length <= maxPreviewChars) return flat
  // A pair cut in two would leave half an emoji or rare Han character.
  return `${flat.slice(0, maxPreviewChars - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
