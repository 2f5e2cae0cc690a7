import { AppError } from '../../lib/errors.ts'

/** @throws AppError 'invalid_input' when `ids` does not name each of `known` exactly once. */
export function checkOrder(ids: readonly string[], known: readonly string[]): void {
  const named = new Set(ids)
  if (named.size === ids.length && named.size === known.length && known.every((id) => named.has(id))) return
  const message = 'The order must name each of them once; load the list again.'
  throw new AppError('invalid_input', message, { fields: [{ path: 'ids', message }] })
}
