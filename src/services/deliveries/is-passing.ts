import { isBusyOrFull, isTransientConflict } from '../../../db/portable.ts'
import { errorKinds, kindOf } from '../../lib/errors.ts'

/**
 * Whether a failure is about the moment and not about the payload: the database is locked, full, away or breaks a
 * deadlock. Such a payload is not quarantined; it comes again.
 */
export function isPassing(error: unknown): boolean {
  return errorKinds[kindOf(error)].retried || isBusyOrFull(error) || isTransientConflict(error)
}
