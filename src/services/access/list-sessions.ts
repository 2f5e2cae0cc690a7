import { sessionsOfAgent } from '../../../db/queries/sessions.ts'
import { AppError } from '../../lib/errors.ts'
import { presentSession } from '../../present/log-ins.ts'
import type { SessionInfo } from '../../wire/access.ts'
import type { ServiceContext } from '../context.ts'
import { type Auth, sessionIdleMs } from './authenticate.ts'
import { endSession } from './end-sessions.ts'
import { requireSession } from './require-session.ts'

/** One's own log-ins that still hold, newest first. */
export async function listSessions(ctx: ServiceContext, { viewer, by }: Auth): Promise<SessionInfo[]> {
  const now = ctx.clock.now()
  const rows = await sessionsOfAgent(ctx.store, viewer.agentId)
  const current = by.type === 'session' ? by.id : null
  return rows.filter((row) => row.expiresAt > now && now - row.lastSeenAt < sessionIdleMs).map((row) => presentSession(row, current))
}

/** Ends one of one's own log-ins. @throws AppError 'not_found'. */
export async function endOwnSession(ctx: ServiceContext, auth: Auth, sessionId: string): Promise<void> {
  requireSession(auth)
  const { agentId } = auth.viewer
  const own = await sessionsOfAgent(ctx.store, agentId)
  if (!own.some(({ id }) => id === sessionId)) throw new AppError('not_found', 'There is no such log-in.')
  await ctx.store.tx((tx) => endSession(tx, ctx.clock.now(), { type: 'agent', id: agentId }, sessionId, 'revoked'))
}
