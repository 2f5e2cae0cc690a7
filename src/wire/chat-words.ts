import type { Locale } from './words.ts'

/** Longest answer to a question of a form, UTF-16 code units. */
export const answerMaxChars = 2_000

/** The text in a reader's language, or the nearest there is; null when there is none. */
export function wordsIn(words: Readonly<Partial<Record<Locale, string>>>, locale: string | undefined): string | null {
  const own = locale === undefined ? undefined : (words as Readonly<Record<string, string | undefined>>)[locale]
  return own ?? words.en ?? Object.values(words)[0] ?? null
}
