import { AppError } from '../../src/lib/errors.ts'
import { sanitizeText } from '../../src/lib/sanitize-text.ts'

/** An object that came from JSON; nothing is known of its members. */
export type JsonRecord = Readonly<Record<string, unknown>>

/** Whether a value from JSON is an object. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * A member that must be an object.
 * @throws AppError 'invalid_input' naming it.
 */
export function recordAt(holder: JsonRecord, name: string): JsonRecord {
  const value = holder[name]
  if (!isRecord(value)) throw new AppError('invalid_input', `The member "${name}" is missing or not an object.`)
  return value
}

/**
 * A member that must be text; cleaned of what cannot be stored.
 * @throws AppError 'invalid_input' naming it.
 */
export function textAt(holder: JsonRecord, name: string): string {
  const value = holder[name]
  if (typeof value !== 'string') throw new AppError('invalid_input', `The member "${name}" is missing or not text.`)
  return sanitizeText(value)
}

/** A member that may be text, cleaned and cut to `maxChars` UTF-16 code units; undefined when absent, of another type or empty. */
export function optionalText(holder: JsonRecord, name: string, maxChars: number): string | undefined {
  const value = holder[name]
  if (typeof value !== 'string') return undefined
  // Cutting may halve a surrogate pair, so cleaning comes last.
  const text = sanitizeText(value.slice(0, maxChars))
  return text === '' ? undefined : text
}

/** A member that may be a whole number ≥ 0; undefined otherwise. */
export function optionalCount(holder: JsonRecord, name: string): number | undefined {
  const value = holder[name]
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

/**
 * An id that the platform made; ids become parts of addresses, so their alphabet is checked.
 * @throws AppError 'invalid_input' naming it.
 */
export function idAt(holder: JsonRecord, name: string): string {
  const value = holder[name]
  if (typeof value !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(value)) {
    throw new AppError('invalid_input', `The member "${name}" is missing or not an id.`)
  }
  return value
}
