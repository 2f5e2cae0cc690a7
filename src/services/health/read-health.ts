import { newestSeq } from '../../../db/queries/log.ts'
import type { ServiceContext } from '../context.ts'

/** The event log's newest number; 0 when it is empty. */
export function newestEvent(ctx: ServiceContext): Promise<number> {
  return newestSeq(ctx.store)
}
