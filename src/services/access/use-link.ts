import { isUniqueViolation } from '../../../db/portable.ts'
import { agentRowById, updateAgentRow } from '../../../db/queries/accounts.ts'
import { insertAgent } from '../../../db/queries/agent-rows.ts'
import { linkByHash, type OneTimeLinkRow, takeLink } from '../../../db/queries/one-time-links.ts'
import { hasAdministrator } from '../../../db/queries/roles.ts'
import { lockName } from '../../../db/queries/row-locks.ts'
import type { Tx } from '../../../db/store.ts'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { hashToken } from '../../lib/secrets.ts'
import type { LinkInfo, LinkUse } from '../../wire/access.ts'
import type { ServiceContext } from '../context.ts'
import { endSessions } from './end-sessions.ts'
import { newAgentRow } from './new-agent-row.ts'
import { hashPassword } from './passwords.ts'

/** What a link is for, to show before it is used. @throws AppError 'not_found' when it does not work (any more). */
export async function inspectLink(ctx: ServiceContext, token: string): Promise<LinkInfo> {
  const [link] = await linkByHash(ctx.store, { tokenHash: hashToken(token) })
  if (link === undefined || link.usedAt !== null || link.expiresAt <= ctx.clock.now()) throw deadLink()
  const [agent] = link.agentId === null ? [] : await agentRowById(ctx.store, { id: link.agentId })
  return { purpose: link.purpose, email: agent?.email ?? null, name: agent?.name ?? null, expiresAt: link.expiresAt }
}

/**
 * Uses a link up: sets its agent's password, ending the agent's sessions, or makes the first
 * administrator. It logs nobody in: an account with an authenticator still asks for its code.
 * @returns the address to log in with.
 * @throws AppError 'not_found' when the link does not work; 'invalid_input' when a setup lacks `email` or `name`;
 *   'conflict' when there is an administrator already or the agent is disabled.
 */
export async function consumeLink(ctx: ServiceContext, input: LinkUse): Promise<{ email: string }> {
  // Before the costly hash, so that guesses stay cheap for us.
  await inspectLink(ctx, input.token)
  const passwordHash = await hashPassword(input.password)
  return ctx.store.tx(async (tx) => {
    const link = await takeLink(tx, hashToken(input.token), ctx.clock.now())
    if (link === null) throw deadLink()
    if (link.agentId === null) return makeFirstAdministrator(ctx, tx, input, passwordHash)
    return setPassword(ctx, tx, link, link.agentId, passwordHash, input)
  })
}

function deadLink(): AppError {
  return new AppError('not_found', 'This link has been used, has ended or never was. Ask for a new one.', { code: 'dead_link' })
}

async function setPassword(
  ctx: ServiceContext,
  tx: Tx,
  link: OneTimeLinkRow,
  agentId: string,
  passwordHash: string,
  input: LinkUse,
): Promise<{ email: string }> {
  const now = ctx.clock.now()
  const [agent] = await agentRowById(tx, { id: agentId })
  if (agent === undefined || agent.disabledAt !== null) throw new AppError('conflict', 'This account is disabled.', { code: 'disabled' })
  // A reset is about the password alone; only who comes new says how they are called.
  const chosen = link.purpose === 'reset' ? {} : { name: input.name ?? agent.name, locale: input.locale ?? agent.locale }
  await updateAgentRow(tx, agentId, { passwordHash, updatedAt: now, ...chosen })
  await endSessions(tx, now, { type: 'agent', id: agentId }, agentId, 'password_changed')
  return { email: agent.email }
}

async function makeFirstAdministrator(ctx: ServiceContext, tx: Tx, input: LinkUse, passwordHash: string): Promise<{ email: string }> {
  const { email, name } = input
  if (email === undefined || name === undefined) {
    const path = email === undefined ? 'email' : 'name'
    throw new AppError('invalid_input', `The first administrator needs "${path}".`, { fields: [{ path, message: 'is missing' }] })
  }
  await lockName(tx, 'administrators')
  if (await hasAdministrator(tx)) throw new AppError('conflict', 'There is an administrator already.', { code: 'administrator_exists' })
  const row = newAgentRow({ id: newId(), email, name, roleId: 'admin', locale: input.locale ?? 'en', passwordHash, now: ctx.clock.now() })
  try {
    await tx.savepoint((inner) => insertAgent(inner, row))
  } catch (error) {
    if (isUniqueViolation(error))
      throw new AppError('conflict', 'An agent with this e-mail address exists.', { code: 'email_taken' }, { cause: error })
    throw error
  }
  return { email: row.email }
}
