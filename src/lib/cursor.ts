import type { z } from 'zod'
import { invalidInput } from './wire-error.ts'

/** A place in a list as text that means nothing to its reader. */
export function writeCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/**
 * What `writeCursor` wrote, held against the list's own schema.
 * @throws AppError 'invalid_input' for text that is no cursor of the list.
 */
export function readCursor<S extends z.ZodType>(schema: S, cursor: string): z.output<S> {
  const parsed = schema.safeParse(parse(cursor))
  if (parsed.success) return parsed.data
  throw invalidInput([{ path: 'cursor', message: 'is not a cursor of this list' }])
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
