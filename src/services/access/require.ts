import { authorize, type Target, type Viewer } from '../../core/access/authorize.ts'
import type { Permission } from '../../core/access/permissions.ts'
import { AppError } from '../../lib/errors.ts'

/**
 * Lets the caller go on only when `viewer` may do this to `target`.
 * @throws AppError 'not_found' when the viewer may not even know of the target, 'forbidden' when the role lacks the permission.
 */
export function require(viewer: Viewer, permission: Permission, target?: Target): void {
  const verdict = authorize(viewer, permission, target)
  switch (verdict) {
    case 'allowed':
      return
    case 'not_found':
      throw new AppError('not_found', target?.kind === 'conversation' ? 'There is no such conversation.' : 'There is no such thing.')
    case 'forbidden':
      throw new AppError('forbidden', 'Your role does not allow this.', { permission })
  }
}
