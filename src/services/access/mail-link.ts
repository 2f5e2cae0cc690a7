import { agentByEmail, agentRowById } from '../../../db/queries/accounts.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError, kindOf } from '../../lib/errors.ts'
import { limitKeyOfIp } from '../../lib/ip-key.ts'
import type { NewAgentAnswer, NewLink } from '../../wire/access.ts'
import type { AgentInput } from '../../wire/agents.ts'
import { createAgent } from '../agents/create-agent.ts'
import type { ServiceContext } from '../context.ts'
import { sendOwnMail } from '../mail/send-own-mail.ts'
import { issueAgentLink, issueResetLink } from './issue-link.ts'
import { linkMail } from './link-mail-texts.ts'

/**
 * Makes a link with which an agent chooses a password, and mails it to them where the hub can send mail.
 * @returns the link, with whether it was mailed; it works either way.
 * @throws what `issueAgentLink` throws.
 */
export async function mailAgentLink(ctx: ServiceContext, viewer: Viewer, agentId: string): Promise<NewLink> {
  const link = await issueAgentLink(ctx, viewer, agentId)
  const [agent] = await agentRowById(ctx.store, { id: agentId })
  if (agent === undefined) return { ...link, mailed: false }
  return { ...link, mailed: await mailed(ctx, agent, link) }
}

/**
 * Makes an agent and mails them their invitation where the hub can send mail; the answer tells whether it was.
 * @throws what `createAgent` throws.
 */
export async function inviteAgent(ctx: ServiceContext, viewer: Viewer, input: AgentInput): Promise<NewAgentAnswer> {
  const answer = await createAgent(ctx, viewer, input)
  const { agent, invite } = answer
  return invite === null ? answer : { agent, invite: { ...invite, mailed: await mailed(ctx, agent, invite) } }
}

/** Resets that may be asked for from one address in an hour. */
const askedRule = { name: 'password-reset', points: 10, windowSeconds: 3_600 }

/** Counts a wish for a new password. @throws AppError 'rate_limited' */
export async function takeResetFromAddress(ctx: ServiceContext, ip: string): Promise<void> {
  const { allowed, retryAfterMs } = await ctx.limiters.limiter(askedRule).consume(limitKeyOfIp(ip))
  if (!allowed) throw new AppError('rate_limited', 'Too many links were asked for from this address; wait a while.', { retryAfterMs })
}

/**
 * Mails a link for a new password to whoever owns this address. Says and takes the same whether there is such an account:
 * the work is done after the answer.
 */
export function mailResetLink(ctx: ServiceContext, email: string): void {
  const work = async () => {
    const [agent] = await agentByEmail(ctx.store, { email: email.trim().toLowerCase() })
    if (agent === undefined || agent.disabledAt !== null) return
    await mailed(ctx, agent, await issueResetLink(ctx, agent.id))
  }
  work().catch((error: unknown) => ctx.log.warn({ err: error }, 'a link for a new password was not mailed'))
}

async function mailed(
  ctx: ServiceContext,
  agent: { readonly email: string; readonly name: string; readonly locale: string },
  link: NewLink,
): Promise<boolean> {
  try {
    return await sendOwnMail(ctx, { to: agent.email, ...linkMail(link, agent.name, agent.locale) })
  } catch (error) {
    if (kindOf(error) === 'bug') throw error
    ctx.log.warn({ err: error }, 'a link was not mailed')
    return false
  }
}
