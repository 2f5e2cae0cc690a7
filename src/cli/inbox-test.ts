import { AppError } from '../lib/errors.ts'
import type { RunCommand } from './command.ts'
import { withContext } from './with-context.ts'

const marks = { passed: 'ok     ', failed: 'FAILED ', skipped: '-      ' } as const

/** How long the whole check may take, milliseconds. */
const checkTimeoutMs = 120_000

/** Looks at an inbox's connection step by step: what was found, or what to do. Ends with 1 when a step failed. */
export const run: RunCommand = async ({ args, env, print }) => {
  const [inboxId] = args
  if (inboxId === undefined) throw new AppError('invalid_input', 'Name the inbox: inbox test ID. `inbox list` shows the ids.')
  return withContext(env, async (ctx) => {
    const inbox = await ctx.inboxes.get(inboxId)
    const { session } = inbox
    const signal = AbortSignal.timeout(checkTimeoutMs)
    if (session.check === undefined) {
      const webhookUrl = `${ctx.config.publicUrl}/webhooks/${inbox.channelId}/${inbox.id}`
      const health = await session.checkAccount?.(webhookUrl, signal)
      if (health == null) print(`The channel ${inbox.channelId} has nothing to check from here.`)
      else print(`${health.state === 'ok' ? marks.passed : marks.failed}${inbox.name}: ${health.detail ?? 'The account works.'}`)
      return health == null || health.state === 'ok' ? 0 : 1
    }
    let failed = 0
    for await (const { name, outcome, detail } of session.check(signal)) {
      if (outcome === 'failed') failed += 1
      print(`${marks[outcome]}${name}: ${detail}`)
    }
    print(failed === 0 ? `${inbox.name} works.` : `${inbox.name} does not work: ${failed} of the steps above failed.`)
    return failed === 0 ? 0 : 1
  })
}
