import { AppError } from './errors.ts'

/** With the `u` flag `\p{Surrogate}` matches unpaired surrogates only. */
const unstorable = /[\0\p{Surrogate}]/gu

/** Removes what no store and no UTF-8 writer takes: NUL (PostgreSQL `text` refuses it) and unpaired surrogates. */
export function sanitizeText(text: string): string {
  return text.replace(unstorable, '')
}

/**
 * Sanitizes every string, keys included, of a value that came from `JSON.parse`. Returns a copy.
 * @param maxDepth deepest nesting that is followed.
 * @throws AppError 'invalid_input' when the value is nested deeper.
 */
export function sanitizeJson(value: unknown, maxDepth = 64): unknown {
  if (typeof value === 'string') return sanitizeText(value)
  if (typeof value !== 'object' || value === null) return value
  if (maxDepth === 0) throw new AppError('invalid_input', 'The data is nested too deeply.')
  if (Array.isArray(value)) return value.map((item) => sanitizeJson(item, maxDepth - 1))
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [sanitizeText(k), sanitizeJson(v, maxDepth - 1)]))
}
