import { agentRowById } from '../../../db/queries/accounts.ts'
import { deleteLinksOfAgent, deleteUnusedLinks, insertLink, type OneTimeLinkRow } from '../../../db/queries/one-time-links.ts'
import { roleById } from '../../../db/queries/roles.ts'
import type { Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { hashToken, newToken } from '../../lib/secrets.ts'
import type { NewLink } from '../../wire/access.ts'
import type { ServiceContext } from '../context.ts'
import { requireWithinOwn } from './guard-roles.ts'
import { require } from './require.ts'

const lifeMs: Readonly<Record<OneTimeLinkRow['purpose'], number>> = { setup: 86_400_000, invite: 7 * 86_400_000, reset: 86_400_000 }

/**
 * Makes a link with which an agent chooses a password: an invitation while they have none, a reset
 * afterwards. Earlier unused links of the agent stop working.
 * @throws AppError 'not_found'; 'conflict' for a disabled agent; 'forbidden' for an account with more rights than one's own.
 */
export async function issueAgentLink(ctx: ServiceContext, viewer: Viewer, agentId: string): Promise<NewLink> {
  require(viewer, 'agent.manage')
  return ctx.store.tx(async (tx) => {
    const [agent] = await agentRowById(tx, { id: agentId })
    if (agent === undefined) throw new AppError('not_found', 'There is no such agent.')
    requireWithinOwn(viewer, (await roleById(tx, agent.roleId))?.permissions ?? [])
    if (agent.disabledAt !== null) throw new AppError('conflict', 'This agent is disabled; enable them first.', { code: 'disabled' })
    await deleteLinksOfAgent(tx, agentId)
    return writeLink(ctx, tx, agent.passwordHash === null ? 'invite' : 'reset', agentId)
  })
}

/** Makes a link for a new password that its owner asked for. Earlier unused links of the agent stop working. */
export async function issueResetLink(ctx: ServiceContext, agentId: string): Promise<NewLink> {
  return ctx.store.tx(async (tx) => {
    await deleteLinksOfAgent(tx, agentId)
    return writeLink(ctx, tx, 'reset', agentId)
  })
}

/** Makes the link with which the first administrator makes an account, or chooses a password for `agentId`. Earlier ones stop working. */
export async function issueSetupLink(ctx: ServiceContext, tx: Tx, agentId: string | null): Promise<NewLink> {
  await deleteUnusedLinks(tx, 'setup', agentId)
  return writeLink(ctx, tx, 'setup', agentId)
}

async function writeLink(ctx: ServiceContext, tx: Tx, purpose: OneTimeLinkRow['purpose'], agentId: string | null): Promise<NewLink> {
  const now = ctx.clock.now()
  const token = newToken('oql')
  const expiresAt = now + lifeMs[purpose]
  await insertLink(tx, { id: newId(), purpose, agentId, tokenHash: hashToken(token), createdAt: now, expiresAt, usedAt: null })
  // The token stands behind `#`, so it reaches no server log and no Referer.
  return { url: `${ctx.config.publicUrl}/welcome#${token}`, purpose, expiresAt }
}
