/** Scripts written without spaces between words; a phrase in one may stand anywhere. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const wordCharacter = /[\p{L}\p{N}]/u

/**
 * The first of the phrases that a text has, or null. Case, width (ＡＢＣ, ｶﾀｶﾅ) and the amount of white space do not matter. A phrase
 * of a script with spaces stands as whole words: "art" is not in "start".
 */
export function findPhrase(phrases: readonly string[], text: string): string | null {
  const folded = fold(text)
  return phrases.find((phrase) => has(folded, fold(phrase))) ?? null
}

function has(text: string, phrase: string): boolean {
  if (phrase === '') return false
  for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1)) {
    if (standsAlone(text, at, phrase)) return true
  }
  return false
}

function standsAlone(text: string, at: number, phrase: string): boolean {
  return (
    bounded(lastOf(text.slice(Math.max(0, at - 2), at)), firstOf(phrase)) &&
    bounded(lastOf(phrase), firstOf(text.slice(at + phrase.length, at + phrase.length + 2)))
  )
}

/** Whether a word may end between two characters. */
function bounded(before: string, after: string): boolean {
  if (!wordCharacter.test(before) || !wordCharacter.test(after)) return true
  return unspaced.test(before) || unspaced.test(after)
}

function firstOf(text: string): string {
  return Array.from(text)[0] ?? ''
}

function lastOf(text: string): string {
  return Array.from(text).at(-1) ?? ''
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim()
}
