import type { KeyPlace } from '../../../db/queries/list-conversations.ts'
import { AppError } from '../../lib/errors.ts'

type Order = 'latest' | 'waiting'

/** A place in a list as text that means nothing to its reader. */
export function writeCursor(order: Order, { at, id }: KeyPlace): string {
  return Buffer.from(`${order}.${at}.${id}`).toString('base64url')
}

/** @throws AppError 'invalid_input' when the text is no cursor of a list in this order. */
export function readCursor(order: Order, cursor: string): KeyPlace {
  const match = /^(latest|waiting)\.(\d{1,16})\.([\w-]{1,64})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))
  const [, said, at, id] = match ?? []
  if (said !== order || at === undefined || id === undefined) {
    throw new AppError('invalid_input', 'This cursor does not belong to this list; begin without one.', {
      fields: [{ path: 'cursor', message: 'is not a cursor of this list' }],
    })
  }
  return { at: Number(at), id }
}
