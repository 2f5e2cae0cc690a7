import { apiTokensOfAgent } from '../../../db/queries/api-tokens.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { presentApiToken } from '../../present/log-ins.ts'
import type { ApiToken } from '../../wire/access.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'

/** One's own API tokens that are not revoked, newest first. */
export async function listApiTokens(ctx: ServiceContext, viewer: Viewer): Promise<ApiToken[]> {
  require(viewer, 'token.manage')
  return (await apiTokensOfAgent(ctx.store, viewer.agentId)).map(presentApiToken)
}
