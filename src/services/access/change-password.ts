import { type AgentRow, agentRowById, updateAgentRow } from '../../../db/queries/accounts.ts'
import { deleteLinksOfAgent } from '../../../db/queries/one-time-links.ts'
import { AppError } from '../../lib/errors.ts'
import type { PasswordChange } from '../../wire/access.ts'
import type { ServiceContext } from '../context.ts'
import type { Auth } from './authenticate.ts'
import { endSessions } from './end-sessions.ts'
import { takeLogInChance } from './log-in-limits.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { requireSession } from './require-session.ts'

/**
 * Replaces one's own password and ends one's other sessions.
 * @throws AppError 'invalid_input' naming `current` when it is wrong; 'rate_limited'.
 */
export async function changePassword(ctx: ServiceContext, auth: Auth, ip: string, { current, next }: PasswordChange): Promise<void> {
  const sessionId = requireSession(auth)
  const { agentId } = auth.viewer
  await provePassword(ctx, agentId, ip, current, 'current')
  const passwordHash = await hashPassword(next)
  const now = ctx.clock.now()
  await ctx.store.tx(async (tx) => {
    await updateAgentRow(tx, agentId, { passwordHash, updatedAt: now })
    await deleteLinksOfAgent(tx, agentId)
    await endSessions(tx, now, { type: 'agent', id: agentId }, agentId, 'password_changed', sessionId)
  })
}

/**
 * Checks one's own password before a change that guards the account; tries are counted as log-ins are.
 * @param field the input's name, for the error.
 * @throws AppError 'invalid_input' naming `field`; 'rate_limited'.
 */
export async function provePassword(ctx: ServiceContext, agentId: string, ip: string, password: string, field: string): Promise<AgentRow> {
  const [agent] = await agentRowById(ctx.store, { id: agentId })
  if (agent === undefined) throw new AppError('unauthenticated', 'This account is gone.')
  await takeLogInChance(ctx, ip, agent.email)
  if (await verifyPassword(agent.passwordHash, password)) return agent
  const message = 'The password is wrong.'
  throw new AppError('invalid_input', message, { code: 'wrong_password', fields: [{ path: field, message }] })
}
