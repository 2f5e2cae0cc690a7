import { type ConversationRow, lockConversation } from '../../../db/queries/conversations.ts'
import type { Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import type { Permission } from '../../core/access/permissions.ts'
import { AppError } from '../../lib/errors.ts'
import { require as requirePermission } from '../access/require.ts'
import { scopeOf } from './move-conversation.ts'

/**
 * Locks a conversation for somebody who wants to act on it, and checks that they may.
 * @throws AppError 'not_found' when it is not there or not theirs to see, 'forbidden' when they may not do this.
 */
export async function lockedConversation(
  tx: Tx,
  viewer: Viewer,
  permission: Permission,
  id: string,
  now: number,
): Promise<ConversationRow> {
  const [row] = await lockConversation(tx, { id, now })
  if (row === undefined) throw new AppError('not_found', 'There is no such conversation.')
  requirePermission(viewer, permission, { kind: 'conversation', scope: scopeOf(row) })
  return row
}
