import type { ServiceContext } from '../context.ts'
import type { Auth } from './authenticate.ts'
import { endSession } from './end-sessions.ts'

/** Ends the session a request came with; a bearer of an API token has none to end. Idempotent. */
export async function logOut(ctx: ServiceContext, { viewer, by }: Auth): Promise<void> {
  if (by.type !== 'session') return
  await ctx.store.tx((tx) => endSession(tx, ctx.clock.now(), { type: 'agent', id: viewer.agentId }, by.id, 'logged_out'))
}
