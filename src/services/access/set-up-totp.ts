import { agentRowById, takeTotpStep, updateAgentRow } from '../../../db/queries/accounts.ts'
import { AppError } from '../../lib/errors.ts'
import type { TotpSetup } from '../../wire/access.ts'
import type { ServiceContext } from '../context.ts'
import type { Auth } from './authenticate.ts'
import { provePassword } from './change-password.ts'
import { takeLogInChance } from './log-in-limits.ts'
import { requireSession } from './require-session.ts'
import { newTotpSecret, stepOfCode, totpPlace, totpUri } from './totp.ts'

/**
 * Makes a new shared secret for one's authenticator app. It counts only after `confirmTotp`; asking again replaces it.
 * @throws AppError 'conflict' while TOTP is on.
 */
export async function startTotp(ctx: ServiceContext, auth: Auth): Promise<TotpSetup> {
  requireSession(auth)
  const { agentId } = auth.viewer
  const [agent] = await agentRowById(ctx.store, { id: agentId })
  if (agent === undefined) throw new AppError('unauthenticated', 'This account is gone.')
  if (agent.totpEnabledAt !== null) throw alreadyOn()
  const secret = newTotpSecret()
  await ctx.store.tx((tx) => updateAgentRow(tx, agentId, { totpSecret: ctx.secrets.seal(secret, totpPlace(agentId)), totpLastStep: null }))
  return { secret, uri: totpUri(secret, agent.email) }
}

/**
 * Turns TOTP on once the app shows the right code; that code does not log in.
 * @throws AppError 'conflict' when it is on or was not started; 'invalid_input' for a wrong code; 'rate_limited'.
 */
export async function confirmTotp(ctx: ServiceContext, auth: Auth, ip: string, code: string): Promise<void> {
  requireSession(auth)
  const { agentId } = auth.viewer
  const [agent] = await agentRowById(ctx.store, { id: agentId })
  if (agent === undefined || agent.totpSecret === null) throw new AppError('conflict', 'Start the set-up first.', { code: 'not_started' })
  if (agent.totpEnabledAt !== null) throw alreadyOn()
  await takeLogInChance(ctx, ip, agent.email)
  const step = stepOfCode(ctx.secrets.open(agent.totpSecret, totpPlace(agentId)), code, ctx.clock.now())
  if (step === null) throw wrongCode()
  await ctx.store.tx(async (tx) => {
    if (!(await takeTotpStep(tx, agentId, step))) throw wrongCode()
    // The step's update holds the row, so a set-up begun again meanwhile is seen here.
    const [present] = await agentRowById(tx, { id: agentId })
    if (present?.totpSecret !== agent.totpSecret) throw wrongCode()
    await updateAgentRow(tx, agentId, { totpEnabledAt: ctx.clock.now() })
  })
}

/** Turns one's own TOTP off. @throws AppError 'invalid_input' for a wrong password; 'rate_limited'. */
export async function disableTotp(ctx: ServiceContext, auth: Auth, ip: string, password: string): Promise<void> {
  requireSession(auth)
  const { agentId } = auth.viewer
  await provePassword(ctx, agentId, ip, password, 'password')
  await ctx.store.tx((tx) => updateAgentRow(tx, agentId, { totpSecret: null, totpEnabledAt: null, totpLastStep: null }))
}

function alreadyOn(): AppError {
  return new AppError('conflict', 'Two-step log-in is on already. Turn it off first.', { code: 'totp_on' })
}

function wrongCode(): AppError {
  const message = 'The code is wrong. Wait for the next one.'
  return new AppError('invalid_input', message, { code: 'wrong_code', fields: [{ path: 'code', message }] })
}
