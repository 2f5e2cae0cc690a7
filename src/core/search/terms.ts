import { fold } from './fold.ts'
import { stretchesOf } from './words.ts'

/** Longest word that is told from others by all of its letters; longer ones by these first ones. UTF-16 code units. */
export const maxWordChars = 40
/** Lengths of the beginnings of words that are kept, for finding a word that is still being typed. */
export const minPrefixChars = 2
export const maxPrefixChars = 12
/** Terms kept of one text; a text that has more is found by its beginning. */
const maxTerms = 6_000
/** Of a longer text only this much is searched, UTF-16 code units. */
export const maxTextChars = 60_000

/** Set before the beginning of a word, so that it is no word itself. Not ASCII, as the index keeps such characters in terms. */
const prefixMark = '\u00b7'
const digitsMark = '\u2116'
const facetMark = '\u00a7'

/**
 * What a text is found by: each of its words and their beginnings; of scripts written without blanks each character, and each
 * two that stand together. A text holds what is searched only if it has all terms of it (`query.ts`); the reverse is for
 * `matches.ts` to say.
 */
export function termsOf(text: string): Set<string> {
  const terms = new Set<string>()
  for (const stretch of stretchesOf(fold(text.slice(0, maxTextChars)))) {
    if (terms.size >= maxTerms) break
    if (stretch.wide) addRun(terms, stretch.text)
    else addWord(terms, stretch.text)
  }
  return terms
}

function addRun(terms: Set<string>, run: string): void {
  let before = ''
  for (const character of run) {
    terms.add(character)
    if (before !== '') terms.add(before + character)
    before = character
  }
}

function addWord(terms: Set<string>, word: string): void {
  terms.add(wordTerm(word))
  const longest = Math.min(word.length, maxPrefixChars)
  for (let length = minPrefixChars; length <= longest; length++) terms.add(prefixMark + word.slice(0, length))
}

/** The term of a whole word. */
export function wordTerm(word: string): string {
  return word.slice(0, maxWordChars)
}

/** The term of words that begin so; `prefix` has at least `minPrefixChars`. */
export function prefixTerm(prefix: string): string {
  return prefixMark + prefix.slice(0, maxPrefixChars)
}

/** The terms of a run of characters that stand together: each two neighbours, or the only one. */
export function runTerms(run: string): string[] {
  const characters = Array.from(run)
  if (characters.length === 1) return [run]
  return characters.slice(1).map((character, i) => `${characters[i] ?? ''}${character}`)
}

/** The terms of digits that stand together, whatever is written between them: each three neighbours. */
export function digitTerms(text: string): Set<string> {
  const digits = digitsOf(text)
  const terms = new Set<string>()
  for (let i = 0; i + 3 <= digits.length; i++) terms.add(digitsMark + digits.slice(i, i + 3))
  return terms
}

/** The digits of a telephone number as it was typed. */
export function digitsOf(text: string): string {
  return text.replace(/\D/g, '')
}

/** The term of everything that was said on a channel. */
export function channelTerm(channel: string): string {
  return `${facetMark}c${channel}`
}
