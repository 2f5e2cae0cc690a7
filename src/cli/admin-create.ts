import { agentByEmail } from '../../db/queries/accounts.ts'
import { insertAgent } from '../../db/queries/agent-rows.ts'
import { AppError } from '../lib/errors.ts'
import { newId } from '../lib/ids.ts'
import { ensureRoles } from '../services/access/ensure-administrator.ts'
import { issueSetupLink } from '../services/access/issue-link.ts'
import { newAgentRow } from '../services/access/new-agent-row.ts'
import type { RunCommand } from './command.ts'
import { needed, readOptions } from './options.ts'
import { withContext } from './with-context.ts'

/** Makes an administrator's account and prints the link that sets its password once. */
export const run: RunCommand = async ({ args, env, print }) => {
  const { values } = readOptions(args, { values: ['email', 'name'] })
  const email = needed(values.email, 'email').toLowerCase()
  return withContext(env, async (ctx) => {
    await ensureRoles(ctx)
    const link = await ctx.store.tx(async (tx) => {
      const [known] = await agentByEmail(tx, { email })
      if (known !== undefined) throw new AppError('conflict', `There is an account of ${email} already.`)
      const name = values.name ?? email.split('@')[0] ?? email
      const row = newAgentRow({ id: newId(), email, name, roleId: 'admin', locale: 'en', passwordHash: null, now: ctx.clock.now() })
      await insertAgent(tx, row)
      return issueSetupLink(ctx, tx, row.id)
    })
    print(`Set the password of ${email} on ${link.url} (the link works once).`)
    return 0
  })
}
