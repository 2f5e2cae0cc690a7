import { hasAdministrator } from '../../../db/queries/roles.ts'
import { lockName } from '../../../db/queries/row-locks.ts'
import type { Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'

/**
 * Nobody hands out, or takes over an account with, more than they hold themselves.
 * @throws AppError 'forbidden' when `permissions` go beyond the viewer's.
 */
export function requireWithinOwn(viewer: Viewer, permissions: readonly string[]): void {
  if (viewer.permissions.has('*')) return
  const beyond = permissions.filter((name) => !viewer.permissions.has(name))
  if (beyond.length === 0) return
  throw new AppError('forbidden', 'This needs permissions that you do not hold yourself.', { code: 'beyond_own', permissions: beyond })
}

/**
 * Does a change that might take the last administrator away, and undoes it when it does.
 * @throws AppError 'conflict' with code `last_administrator`.
 */
export async function keepAdministrator<T>(tx: Tx, change: () => Promise<T>): Promise<T> {
  await lockName(tx, 'administrators')
  const result = await change()
  if (await hasAdministrator(tx)) return result
  throw new AppError('conflict', 'This would leave nobody to administer the hub. Make another administrator first.', {
    code: 'last_administrator',
  })
}
