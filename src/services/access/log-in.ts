import { type AgentRow, agentByEmail, takeTotpStep } from '../../../db/queries/accounts.ts'
import { insertSession } from '../../../db/queries/sessions.ts'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { hashToken, newToken } from '../../lib/secrets.ts'
import type { LogInInput } from '../../wire/access.ts'
import type { ServiceContext } from '../context.ts'
import { sessionMaxMs } from './authenticate.ts'
import { endSession } from './end-sessions.ts'
import { forgiveLogIn, takeLogInChance } from './log-in-limits.ts'
import { verifyPassword } from './passwords.ts'
import { stepOfCode, totpPlace } from './totp.ts'

/** Where a log-in comes from. */
export interface LogInOrigin {
  readonly ip: string
  readonly userAgent: string | null
  /** The session of the cookie that came along; it ends, so that no session outlives a change of person. */
  readonly formerSessionId: string | null
}

/** A begun session; `token` goes into the cookie and is kept nowhere. */
export interface BegunSession {
  readonly id: string
  readonly agentId: string
  readonly token: string
  readonly csrfToken: string
  readonly expiresAt: number
}

/**
 * Begins a session for whoever proves to be an agent. An unknown address, a wrong password and a
 * disabled account get one answer in one time.
 * @throws AppError 'unauthenticated' with code `wrong_credentials`, `totp_required` or `wrong_code`; 'rate_limited'.
 */
export async function logIn(ctx: ServiceContext, input: LogInInput, origin: LogInOrigin): Promise<BegunSession> {
  const email = input.email.toLowerCase()
  await takeLogInChance(ctx, origin.ip, email)
  const [agent] = await agentByEmail(ctx.store, { email })
  const fits = await verifyPassword(agent?.passwordHash ?? null, input.password)
  if (agent === undefined || !fits || agent.disabledAt !== null) throw wrongCredentials()
  const step = requiredStep(ctx, agent, input.totp)
  const begun = await beginSession(ctx, agent.id, step, origin)
  await forgiveLogIn(ctx, origin.ip, email)
  ctx.log.info({ agentId: agent.id, sessionId: begun.id }, 'Logged in.')
  return begun
}

function wrongCredentials(): AppError {
  return new AppError('unauthenticated', 'The e-mail address or the password is wrong.', { code: 'wrong_credentials' })
}

function wrongCode(): AppError {
  return new AppError('unauthenticated', 'The code is wrong or was used before. Wait for the next one.', { code: 'wrong_code' })
}

/** The time step of the code given, or null when the account asks for none. */
function requiredStep(ctx: ServiceContext, agent: AgentRow, code: string | undefined): number | null {
  if (agent.totpEnabledAt === null || agent.totpSecret === null) return null
  if (code === undefined) throw new AppError('unauthenticated', 'Type the code of your authenticator app.', { code: 'totp_required' })
  const step = stepOfCode(ctx.secrets.open(agent.totpSecret, totpPlace(agent.id)), code, ctx.clock.now())
  if (step === null) throw wrongCode()
  return step
}

async function beginSession(ctx: ServiceContext, agentId: string, step: number | null, origin: LogInOrigin): Promise<BegunSession> {
  const now = ctx.clock.now()
  const token = newToken('oqs')
  const begun = { id: newId(), agentId, token, csrfToken: newToken('oqc'), expiresAt: now + sessionMaxMs }
  await ctx.store.tx(async (tx) => {
    if (step !== null && !(await takeTotpStep(tx, agentId, step))) throw wrongCode()
    if (origin.formerSessionId !== null) await endSession(tx, now, { type: 'agent', id: agentId }, origin.formerSessionId, 'logged_out')
    await insertSession(tx, {
      id: begun.id,
      agentId,
      tokenHash: hashToken(token),
      csrfToken: begun.csrfToken,
      userAgent: origin.userAgent?.slice(0, 300) ?? null,
      ip: origin.ip.slice(0, 60),
      createdAt: now,
      lastSeenAt: now,
      expiresAt: begun.expiresAt,
    })
  })
  return begun
}
