import { revokeApiTokenRow } from '../../../db/queries/api-tokens.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { appendSessionEnded } from '../access/end-sessions.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'

/** Makes one of one's own API tokens stop working, its open sockets included. @throws AppError 'not_found'. */
export async function revokeApiToken(ctx: ServiceContext, viewer: Viewer, id: string): Promise<void> {
  require(viewer, 'token.manage')
  const now = ctx.clock.now()
  await ctx.store.tx(async (tx) => {
    const tokenIds = await revokeApiTokenRow(tx, viewer.agentId, id, now)
    if (tokenIds.length === 0) throw new AppError('not_found', 'There is no such token.')
    appendSessionEnded(tx, now, { type: 'agent', id: viewer.agentId }, viewer.agentId, { reason: 'revoked', sessionIds: [], tokenIds })
  })
}
