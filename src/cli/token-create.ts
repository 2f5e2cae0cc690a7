import { agentByEmail } from '../../db/queries/accounts.ts'
import { AppError } from '../lib/errors.ts'
import { createApiToken } from '../services/tokens/create-api-token.ts'
import type { RunCommand } from './command.ts'
import { needed, readOptions } from './options.ts'
import { withContext } from './with-context.ts'

/** Makes an API token that acts as an agent and prints it; it is shown this once. */
export const run: RunCommand = async ({ args, env, print }) => {
  const { values } = readOptions(args, { values: ['agent', 'name', 'permissions'] })
  const email = needed(values.agent, 'agent').toLowerCase()
  const name = needed(values.name, 'name')
  const permissions = values.permissions === undefined ? ['*'] : values.permissions.split(',').map((word) => word.trim())
  return withContext(env, async (ctx) => {
    const [agent] = await agentByEmail(ctx.store, { email })
    if (agent === undefined) throw new AppError('not_found', `There is no account of ${email}.`)
    const { token } = await createApiToken(ctx, agent.id, { name, permissions })
    print(token)
    return 0
  })
}
