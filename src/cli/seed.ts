import { seedDemo } from '../../db/seed/seed-demo.ts'
import { ensureRoles } from '../services/access/ensure-administrator.ts'
import type { RunCommand } from './command.ts'
import { withContext } from './with-context.ts'

/** Fills a new database with the demo centre; refuses one that has inboxes. */
export const run: RunCommand = ({ env, print }) =>
  withContext(env, async (ctx) => {
    await ensureRoles(ctx)
    const { conversations } = await seedDemo(ctx)
    print(`Seeded the demo centre with ${conversations} conversations.`)
    return 0
  })
