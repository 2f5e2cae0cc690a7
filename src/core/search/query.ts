import { fold } from './fold.ts'
import { digitsOf, digitTerms, minPrefixChars, prefixTerm, runTerms, wordTerm } from './terms.ts'
import { stretchesOf } from './words.ts'

/** One thing that a text must have to be found. */
export type Wish =
  /** Characters of a script without blanks, standing together. */
  | { readonly kind: 'run'; readonly text: string }
  /** A whole word. */
  | { readonly kind: 'word'; readonly text: string }
  /** A word that begins so; two letters or more. */
  | { readonly kind: 'prefix'; readonly text: string }
  /** What stood between quotation marks: words in this order, the last one as far as it goes. */
  | { readonly kind: 'phrase'; readonly words: readonly string[] }

/** What somebody searches for. A text is found that fulfils all wishes. */
export interface SearchQuery {
  readonly wishes: readonly Wish[]
  /** Digits of a telephone number, national zero aside; null when it was none. For addresses only. */
  readonly digits: string | null
}

/** Longest query, UTF-16 code units. */
export const maxQueryChars = 200
/** Wishes of one query; what comes after them is left out. */
const maxWishes = 12
/** Characters of one run or words of one phrase that the index is asked for; the rest is compared in the text. */
const maxRunTerms = 24

const quoted = /["\u201c\u201d\u300c\u300e]([^"\u201c\u201d\u300d\u300f]+)["\u201c\u201d\u300d\u300f]/g

/**
 * Reads a query: its words, the last one taken for the beginning of a word while nothing follows it; runs of scripts written
 * without blanks; phrases in quotation marks. Signs that are no letters or digits mean nothing.
 */
export function readQuery(text: string): SearchQuery {
  const given = text.slice(0, maxQueryChars)
  const phrases: Wish[] = []
  const rest = given.replace(quoted, (_all, inside: string) => {
    const words = stretchesOf(fold(inside)).map((stretch) => stretch.text)
    if (words.length > 0) phrases.push({ kind: 'phrase', words })
    return ' '
  })
  return {
    wishes: [...new Map([...phrases, ...wishesOf(rest)].map((wish) => [keyOf(wish), wish])).values()].slice(0, maxWishes),
    digits: phoneOf(given),
  }
}

function wishesOf(text: string): Wish[] {
  const folded = fold(text)
  return stretchesOf(folded).map((stretch) => {
    if (stretch.wide) return { kind: 'run', text: stretch.text }
    const typing = stretch.from + stretch.text.length === folded.length && stretch.text.length >= minPrefixChars
    return { kind: typing ? 'prefix' : 'word', text: stretch.text }
  })
}

function keyOf(wish: Wish): string {
  return wish.kind === 'phrase' ? `phrase ${wish.words.join(' ')}` : `${wish.kind} ${wish.text}`
}

/** At least four digits with nothing but what people write between them; a leading zero is the national form's. */
function phoneOf(text: string): string | null {
  if (!/^\s*\+?[\d\s().\uff08\uff09-]+$/.test(text)) return null
  const digits = digitsOf(text).replace(/^0+/, '')
  return digits.length < 4 ? null : digits
}

/** Terms that a text which fulfils the wishes has. */
export function termsOfWishes(wishes: readonly Wish[]): string[] {
  return [...new Set(wishes.flatMap(termsOfWish))]
}

function termsOfWish(wish: Wish): string[] {
  switch (wish.kind) {
    case 'run':
      return runTerms(wish.text).slice(0, maxRunTerms)
    case 'word':
      return [wordTerm(wish.text)]
    case 'prefix':
      return [prefixTerm(wish.text)]
    case 'phrase':
      return termsOfPhrase(wish.words)
  }
}

function termsOfPhrase(words: readonly string[]): string[] {
  return words.slice(0, maxRunTerms).flatMap((word, i) => {
    const [stretch] = stretchesOf(word)
    if (stretch?.wide === true) return runTerms(word).slice(0, maxRunTerms)
    if (i < words.length - 1) return [wordTerm(word)]
    return word.length < minPrefixChars ? [] : [prefixTerm(word)]
  })
}

/** Terms that a number with these digits has. */
export function termsOfDigits(digits: string): string[] {
  return [...digitTerms(digits)]
}
