import type { FoundText, Mark } from './matches.ts'

/** A piece of a text around what was found, on one line; marks are places in the piece. */
export interface Snippet {
  readonly text: string
  readonly marks: Mark[]
}

/** Longest snippet, UTF-16 code units. */
export const maxSnippetChars = 160
/** What is shown before the first mark where there is more before it. */
const leadChars = 32

/** Cuts a piece out of a text that shows its first mark; a text without marks is shown from its beginning. */
export function snippetOf({ text, marks }: FoundText): Snippet {
  const first = marks[0]?.from ?? 0
  const start = text.length <= maxSnippetChars || first <= leadChars ? 0 : wordStart(text, first - leadChars, first)
  const end = Math.min(text.length, start + maxSnippetChars)
  // A pair cut in two would leave half a character.
  const cut = end < text.length && /[\ud800-\udbff]/.test(text[end - 1] ?? '') ? end - 1 : end
  const head = start > 0 ? '\u2026' : ''
  const shift = head.length - start
  const piece = text.slice(start, cut).replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
  return {
    text: `${head}${piece}${cut < text.length ? '\u2026' : ''}`,
    marks: marks
      .filter(({ from, to }) => from >= start && from < cut && to > start)
      .map(({ from, to }) => ({ from: from + shift, to: Math.min(to, cut) + shift })),
  }
}

/** The first beginning of a word from a place on, or the place itself where none comes before `limit`. */
function wordStart(text: string, place: number, limit: number): number {
  const blank = text.slice(place, limit).search(/\s\S/)
  if (blank !== -1) return place + blank + 1
  return /[\udc00-\udfff]/.test(text[place] ?? '') ? place + 1 : place
}
