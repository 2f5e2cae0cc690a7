import { shortenLease } from '../../../db/queries/presence.ts'
import type { ServiceContext } from '../context.ts'
import { closingMs } from './lease.ts'

/** Lets an agent's lease run out soon: their last console here has gone, and may be back after a reload. */
export async function shortenPresence(ctx: ServiceContext, agentId: string): Promise<void> {
  await shortenLease(ctx.store, { agentId, until: ctx.clock.now() + closingMs })
}
