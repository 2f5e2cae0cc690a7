import { type FoldedText, foldWithPlaces } from './fold.ts'
import type { Wish } from './query.ts'
import { maxTextChars } from './terms.ts'
import { type Stretch, stretchesOf } from './words.ts'

/** A stretch of a text that was searched for; UTF-16 code units of the original, the end excluded. */
export interface Mark {
  readonly from: number
  readonly to: number
}

/** What was found in one of several texts that belong together. */
export interface FoundText {
  readonly text: string
  readonly marks: readonly Mark[]
}

/** Marks of one text; more are not looked for. */
const maxMarks = 200

/**
 * Finds the wishes in texts that belong together, such as a mail's subject and body: each may be fulfilled by any of them.
 * @returns the texts in their order with what is to be shown as found; null when a wish is fulfilled by none.
 */
export function findWishes(texts: readonly string[], wishes: readonly Wish[]): FoundText[] | null {
  if (wishes.length === 0) return null
  const open = new Set(wishes)
  const found = texts.map((text) => {
    const folded = foldWithPlaces(text.slice(0, maxTextChars))
    const stretches = stretchesOf(folded.text)
    const marks = wishes.flatMap((wish) => {
      const places = placesOf(folded, stretches, wish)
      if (places.length > 0) open.delete(wish)
      return places
    })
    return { text, marks: joined(marks) }
  })
  return open.size === 0 ? found : null
}

function placesOf(folded: FoldedText, stretches: readonly Stretch[], wish: Wish): Mark[] {
  switch (wish.kind) {
    case 'run':
      return stretches
        .filter(({ wide }) => wide)
        .flatMap((run) => inRun(folded, run, wish.text))
        .slice(0, maxMarks)
    case 'word':
      return narrowOnes(stretches, (word) => word === wish.text).map((word) => markOf(folded, word.from, word.text.length))
    case 'prefix':
      return narrowOnes(stretches, (word) => word.startsWith(wish.text)).map((word) => markOf(folded, word.from, wish.text.length))
    case 'phrase':
      return phrasesIn(folded, stretches, wish.words)
  }
}

function narrowOnes(stretches: readonly Stretch[], fits: (word: string) => boolean): Stretch[] {
  return stretches.filter(({ wide, text }) => !wide && fits(text)).slice(0, maxMarks)
}

function inRun(folded: FoldedText, run: Stretch, wanted: string): Mark[] {
  const marks: Mark[] = []
  for (let at = run.text.indexOf(wanted); at !== -1 && marks.length < maxMarks; at = run.text.indexOf(wanted, at + wanted.length)) {
    marks.push(markOf(folded, run.from + at, wanted.length))
  }
  return marks
}

/** Words one after the other, whatever signs stand between them; at the edges a run may go on, and the last word as well. */
function phrasesIn(folded: FoldedText, stretches: readonly Stretch[], words: readonly string[]): Mark[] {
  const marks: Mark[] = []
  for (let at = 0; at + words.length <= stretches.length && marks.length < maxMarks; at++) {
    const place = phraseAt(stretches, at, words)
    if (place !== null) marks.push(markOf(folded, place.from, place.to - place.from))
  }
  return marks
}

function phraseAt(stretches: readonly Stretch[], at: number, words: readonly string[]): Mark | null {
  let from = 0
  let to = 0
  for (const [i, word] of words.entries()) {
    const stretch = stretches[at + i]
    if (stretch === undefined) return null
    const place = placeInPhrase(stretch, word, i === 0, i === words.length - 1)
    if (place === -1) return null
    if (i === 0) from = stretch.from + place
    to = stretch.from + place + word.length
  }
  return { from, to }
}

/** Where a word of a phrase begins in a stretch; -1 where it does not stand there. */
function placeInPhrase({ wide, text }: Stretch, word: string, first: boolean, last: boolean): number {
  if (first && last) return wide ? text.indexOf(word) : text.startsWith(word) ? 0 : -1
  if (last) return text.startsWith(word) ? 0 : -1
  if (first && wide) return text.endsWith(word) ? text.length - word.length : -1
  return text === word ? 0 : -1
}

function markOf({ starts, ends }: FoldedText, from: number, length: number): Mark {
  return { from: starts[from] ?? 0, to: ends[from + length - 1] ?? 0 }
}

/** Marks in their order, those that touch made one. */
function joined(marks: readonly Mark[]): Mark[] {
  const out: Mark[] = []
  for (const mark of [...marks].sort((a, b) => a.from - b.from || a.to - b.to)) {
    const last = out.at(-1)
    if (last !== undefined && mark.from <= last.to) out[out.length - 1] = { from: last.from, to: Math.max(last.to, mark.to) }
    else out.push(mark)
  }
  return out.slice(0, maxMarks)
}
