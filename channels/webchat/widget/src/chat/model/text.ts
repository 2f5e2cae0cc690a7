/** A stretch of a message: plain, or an address that can be opened. */
export interface Stretch {
  readonly text: string
  readonly href: string | null
}

const address = /https?:\/\/[^\s<>"'`，。、；：！？「」『』（）【】《》]+/giu
const closing = /[.,;:!?)\]}'"]+$/u

/** Splits text at http and https addresses; every other scheme stays text. */
export function linkify(text: string): readonly Stretch[] {
  const parts: Stretch[] = []
  let from = 0
  for (const match of text.matchAll(address)) {
    const found = trimAddress(match[0])
    if (!URL.canParse(found)) continue
    if (match.index > from) parts.push({ text: text.slice(from, match.index), href: null })
    parts.push({ text: found, href: found })
    from = match.index + found.length
  }
  if (from < text.length) parts.push({ text: text.slice(from), href: null })
  return parts
}

/** Punctuation after an address belongs to the sentence, unless it closes a bracket the address opened. */
function trimAddress(found: string): string {
  const trimmed = found.replace(closing, '')
  return found[trimmed.length] === ')' && trimmed.includes('(') && !trimmed.includes(')') ? `${trimmed})` : trimmed
}
