import type { Entity, TextPart } from '../../../../src/wire/messages.ts'

/** A stretch of a message: plain, or with the meaning an entity or an address in the text gives it. */
export interface Stretch {
  readonly index: number
  readonly text: string
  readonly entity: Entity | null
}

// East Asian marks end an address as a blank does: the text around it is written without blanks.
const addressPattern = /https?:\/\/[^\s<>"'\u3000-\u303f\uff00-\uff65]*[^\s<>"'.,;:!?)\]}\u3000-\u303f\uff00-\uff65]/g

function linksIn(text: string): Entity[] {
  return [...text.matchAll(addressPattern)].map((m) => ({ kind: 'link', index: m.index, length: m[0].length, value: m[0] }))
}

/** Cuts a text at its entities and at the web addresses in it; overlapping ones after the first are left as text. */
export function stretchesOf(part: Pick<TextPart, 'text' | 'entities'>): Stretch[] {
  const marked = [...(part.entities ?? [])]
  for (const link of linksIn(part.text)) {
    if (!marked.some((e) => link.index < e.index + e.length && e.index < link.index + link.length)) marked.push(link)
  }
  marked.sort((a, b) => a.index - b.index)
  const cut: Stretch[] = []
  let at = 0
  for (const entity of marked) {
    if (entity.index < at || entity.index + entity.length > part.text.length) continue
    if (entity.index > at) cut.push({ index: at, text: part.text.slice(at, entity.index), entity: null })
    cut.push({ index: entity.index, text: part.text.slice(entity.index, entity.index + entity.length), entity })
    at = entity.index + entity.length
  }
  if (at < part.text.length) cut.push({ index: at, text: part.text.slice(at), entity: null })
  return cut
}

/** Only addresses a click may follow; anything else stays text. */
export function safeHref(value: string | undefined): string | null {
  if (value === undefined) return null
  try {
    const url = new URL(value)
    return ['http:', 'https:', 'mailto:', 'tel:'].includes(url.protocol) ? url.href : null
  } catch {
    return null
  }
}
