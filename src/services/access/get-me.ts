import { agentRowById } from '../../../db/queries/accounts.ts'
import { roleById } from '../../../db/queries/roles.ts'
import { permissions } from '../../core/access/permissions.ts'
import { AppError } from '../../lib/errors.ts'
import { presentRole } from '../../present/role.ts'
import type { Me } from '../../wire/agents.ts'
import { getAgent } from '../agents/get-agent.ts'
import type { ServiceContext } from '../context.ts'
import type { Auth } from './authenticate.ts'

/** Who is logged in and what they may do. `csrfToken` is empty for bearers of API tokens, who need none. */
export async function getMe(ctx: ServiceContext, { viewer, by }: Auth): Promise<Me> {
  const [account] = await agentRowById(ctx.store, { id: viewer.agentId })
  const role = await roleById(ctx.store, viewer.roleId)
  if (account === undefined || role === null) throw new AppError('unauthenticated', 'This account is gone.')
  return {
    agent: await getAgent(ctx, viewer, viewer.agentId),
    role: presentRole(role),
    permissions: permissions.filter((name) => viewer.permissions.has('*') || viewer.permissions.has(name)),
    signature: account.signature,
    totpEnabled: account.totpEnabledAt !== null,
    csrfToken: by.type === 'session' ? by.csrfToken : '',
  }
}
