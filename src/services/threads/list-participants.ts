import { conversationById } from '../../../db/queries/conversations.ts'
import { membersOfThread, type ThreadMemberRow } from '../../../db/queries/thread-members.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { memberName } from '../../present/member.ts'
import type { Participant } from '../../wire/participants.ts'
import { require as requirePermission } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { scopeOf } from '../conversations/move-conversation.ts'

/** Most participants that are told; larger groups are cut. */
const most = 500

/**
 * Who is in a conversation's group or room, as far as the provider tells; empty for a conversation with one person.
 * @throws AppError 'not_found', also for a conversation the viewer may not see.
 */
export async function listParticipants(ctx: ServiceContext, viewer: Viewer, conversationId: string): Promise<Participant[]> {
  const [row] = await conversationById(ctx.store, { id: conversationId })
  if (row === undefined) throw new AppError('not_found', 'There is no such conversation.')
  requirePermission(viewer, 'conversation.read', { kind: 'conversation', scope: scopeOf(row) })
  const members = await membersOfThread(ctx.store, row, most)
  return members.map(presentParticipant)
}

function presentParticipant(row: ThreadMemberRow): Participant {
  return {
    id: row.id,
    externalId: row.externalId,
    name: memberName(row.displayName, row.externalId),
    avatarUrl: row.avatarUrl,
    joinedAt: row.joinedAt,
  }
}
