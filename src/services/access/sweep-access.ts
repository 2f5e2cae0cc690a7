import { deleteOldIdempotencyKeys } from '../../../db/queries/idempotency.ts'
import { deleteOldLinks } from '../../../db/queries/one-time-links.ts'
import { deleteEndedSessions } from '../../../db/queries/sessions.ts'
import type { ServiceContext } from '../context.ts'
import { sessionIdleMs } from './authenticate.ts'
import { appendSessionEnded } from './end-sessions.ts'

/** How long an answer is kept for its Idempotency-Key, milliseconds. */
const idempotencyMs = 24 * 3_600_000
/** Used and ended links are kept this long, to tell what became of them, milliseconds. */
const linkKeepMs = 30 * 86_400_000

/** Removes what has ended: sessions (their sockets are told), links, idempotency keys. For a job at an interval of minutes. */
export async function sweepAccess(ctx: ServiceContext): Promise<void> {
  const now = ctx.clock.now()
  await ctx.store.tx(async (tx) => {
    for (const { id, agentId } of await deleteEndedSessions(tx, now, now - sessionIdleMs)) {
      appendSessionEnded(tx, now, { type: 'system', id: 'access' }, agentId, { reason: 'expired', sessionIds: [id], tokenIds: [] })
    }
    await deleteOldLinks(tx, now - linkKeepMs)
    await deleteOldIdempotencyKeys(tx, now - idempotencyMs)
  })
}
