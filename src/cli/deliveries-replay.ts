import { asc, eq } from 'drizzle-orm'
import { AppError } from '../lib/errors.ts'
import { systemViewer } from '../services/access/system-viewer.ts'
import { replayDelivery } from '../services/deliveries/replay-delivery.ts'
import type { RunCommand } from './command.ts'
import { readOptions } from './options.ts'
import { withContext } from './with-context.ts'

/** Processes one quarantined payload again, or all of them in the order they came. Ends with 1 when any stays quarantined. */
export const run: RunCommand = async ({ args, env, print }) => {
  const { flags, rest } = readOptions(args, { flags: ['quarantined'] })
  return withContext(env, async (ctx) => {
    const { deliveries } = ctx.store.t
    const all =
      flags.quarantined === true
        ? await ctx.store.db
            .select({ id: deliveries.id })
            .from(deliveries)
            .where(eq(deliveries.status, 'quarantined'))
            .orderBy(asc(deliveries.id))
        : []
    const ids = flags.quarantined === true ? all.map((row) => row.id) : rest
    if (ids.length === 0 && flags.quarantined !== true) throw new AppError('invalid_input', 'Name a delivery, or say --quarantined.')
    let failed = 0
    for (const id of ids) {
      const { status, error } = await replayDelivery(ctx, systemViewer, id)
      if (status !== 'processed') failed += 1
      print(`${id}  ${status}${error === null ? '' : `  ${error.split('\n')[0] ?? ''}`}`)
    }
    print(`${ids.length - failed} processed, ${failed} still quarantined.`)
    return failed === 0 ? 0 : 1
  })
}
