import { isUtf8 } from 'node:buffer'
import { parse } from 'node:querystring'
import { AppError } from '../../src/lib/errors.ts'
import { sanitizeText } from '../../src/lib/sanitize-text.ts'

/** A form as it came: a name may be there more than once. */
export type Form = Readonly<Record<string, string | string[] | undefined>>

/**
 * Reads an `application/x-www-form-urlencoded` body.
 * @throws AppError 'invalid_input' when it is not UTF-8.
 */
export function readForm(body: Buffer | string): Form {
  if (typeof body !== 'string' && !isUtf8(body)) throw new AppError('invalid_input', 'The body is not UTF-8.')
  return parse(typeof body === 'string' ? body : body.toString('utf8'))
}

/** A field as it came, untouched; undefined when absent or empty, the first where it is repeated. */
export function rawField(form: Form, name: string): string | undefined {
  const value = form[name]
  const first = typeof value === 'string' ? value : value?.[0]
  return first === '' ? undefined : first
}

/** The same, cleaned of what cannot be stored and cut to `maxChars` UTF-16 code units. */
export function field(form: Form, name: string, maxChars: number): string | undefined {
  // Cutting may halve a surrogate pair, so cleaning comes last.
  return sanitizeText(rawField(form, name)?.slice(0, maxChars) ?? '') || undefined
}

/**
 * A field that must be an id of Twilio's (34 characters: two letters, 32 hexadecimal digits).
 * @throws AppError 'invalid_input' naming it.
 */
export function sidField(form: Form, name: string): string {
  const value = rawField(form, name)
  if (value === undefined || !/^[A-Z]{2}[0-9a-f]{32}$/.test(value)) {
    throw new AppError('invalid_input', `The field "${name}" is missing or not an id.`)
  }
  return value
}

/** A field that must be a whole number ≥ 0; undefined when it is absent or not one. */
export function countField(form: Form, name: string): number | undefined {
  const value = rawField(form, name)
  return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) : undefined
}
