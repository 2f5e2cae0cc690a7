const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Where a text is best cut, from the best kind of place to the worst: after a paragraph, a line, a sentence, a word. */
const places = [/\n{2,}/g, /\n/g, /[。！？!?…]+[」』）)"'”’]*|\.(?=\s)/g, /\s+|[，、；：,;:]/g] as const

/** A piece is cut at a good place only when it does not become shorter than this share of the most. */
const leastShare = 0.5

/**
 * Cuts a text into pieces of at most `maxChars` UTF-16 code units that together are the text: at the end of a paragraph, a
 * line, a sentence or a word where there is one in the second half, and never within a letter as a reader sees it, be it a
 * surrogate pair, a flag or a family joined from several emoji.
 * @param maxChars ≥ 1; a single letter longer than that is cut all the same.
 */
export function splitText(text: string, maxChars: number): string[] {
  const pieces: string[] = []
  let rest = text
  while (rest.length > maxChars) {
    const at = cutAt(rest, maxChars)
    pieces.push(rest.slice(0, at))
    rest = rest.slice(at)
  }
  if (rest !== '' || pieces.length === 0) pieces.push(rest)
  return pieces
}

function cutAt(text: string, maxChars: number): number {
  const head = text.slice(0, maxChars)
  for (const place of places) {
    const at = [...head.matchAll(place)].at(-1)
    const end = at === undefined ? 0 : at.index + at[0].length
    // A place that ends where the head ends may go on behind it.
    if (end >= maxChars * leastShare && wholeLetters(text, end) === end) return end
  }
  return wholeLetters(text, maxChars)
}

/** The last boundary between letters at or before `at`; `at` itself when the first letter is longer. */
function wholeLetters(text: string, at: number): number {
  // Looking a little around the place is enough: boundaries do not depend on what is far away.
  const from = Math.max(0, at - 256)
  let last = 0
  for (const { index, segment } of segmenter.segment(text.slice(from, at + 64))) {
    if (from + index + segment.length > at) break
    last = from + index + segment.length
  }
  return last > 0 ? last : at
}
