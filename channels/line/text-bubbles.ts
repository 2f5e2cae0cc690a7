import type { messagingApi } from '@line/bot-sdk'
import { splitText } from '../../src/lib/split-text.ts'
import type { Entity } from '../../src/wire/messages.ts'
import type { OutboundPart } from '../contract.ts'
import { lineLimits } from './limits.ts'

type OutboundText = Extract<OutboundPart, { type: 'text' }>
type Substitution = Record<string, messagingApi.SubstitutionObject>

/**
 * Turns a text into as many bubbles as its length needs. Mentions (in groups) and LINE emoji become substitutions; in a
 * chat with one person, where nobody can be mentioned, a mention stays the words it stands on.
 * Source: LINE Messaging API reference, "Text message (v2)".
 */
export function textBubbles(part: OutboundText, threadKey: string): messagingApi.Message[] {
  const entities = (part.entities ?? []).filter(
    (entity) => entity.kind === 'emoji' || (entity.kind === 'mention' && !threadKey.startsWith('U')),
  )
  let from = 0
  return splitText(part.text, lineLimits.textChars).map((text) => {
    const to = from + text.length
    const here = entities.flatMap((e) => (e.index >= from && e.index + e.length <= to ? [{ ...e, index: e.index - from }] : []))
    from = to
    return here.length === 0 ? { type: 'text', text } : substituted(text, here)
  })
}

function substituted(text: string, entities: readonly Entity[]): messagingApi.Message {
  const substitution: Substitution = {}
  let written = ''
  let at = 0
  for (const entity of entities.toSorted((a, b) => a.index - b.index)) {
    const object = substitutionOf(entity)
    if (object === null || entity.index < at) continue
    const key = `${entity.kind}${Object.keys(substitution).length}`
    substitution[key] = object
    written += `${escaped(text.slice(at, entity.index))}{${key}}`
    at = entity.index + entity.length
  }
  written += escaped(text.slice(at))
  // Escaped braces take room of their own; words that no longer fit go without their pictures.
  if (written.length > lineLimits.textChars || Object.keys(substitution).length === 0) return { type: 'text', text }
  return { type: 'textV2', text: written, substitution }
}

function escaped(text: string): string {
  return text.replaceAll('{', '{{').replaceAll('}', '}}')
}

function substitutionOf({ kind, value = '' }: Entity): messagingApi.SubstitutionObject | null {
  if (kind === 'mention') {
    if (value === 'all') return { type: 'mention', mentionee: { type: 'all' } }
    return /^U[0-9a-f]{32}$/.test(value) ? { type: 'mention', mentionee: { type: 'user', userId: value } } : null
  }
  const [productId = '', emojiId = ''] = value.split('/')
  return /^[0-9a-f]{24}$/.test(productId) && /^[0-9]{3}$/.test(emojiId) ? { type: 'emoji', productId, emojiId } : null
}
