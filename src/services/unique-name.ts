import { isUniqueViolation } from '../../db/portable.ts'
import type { Tx } from '../../db/store.ts'
import { AppError } from '../lib/errors.ts'

/**
 * Does a write that must not repeat another row's name or address.
 * @param field the input's field that is taken, for the error.
 * @throws AppError 'conflict' with code `taken` naming `field`.
 */
export async function refuseTaken<T>(tx: Tx, field: string, sentence: string, write: (inner: Tx) => Promise<T>): Promise<T> {
  try {
    return await tx.savepoint(write)
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new AppError('conflict', sentence, { code: 'taken', fields: [{ path: field, message: sentence }] }, { cause: error })
  }
}
