import type { RunCommand } from './cli/command.ts'
import { ConfigError, describeConfig, readConfig } from './config.ts'
import { demoLogIns } from './demo-log-ins.ts'
import { startHub } from './hub.ts'

/**
 * Starts the hub from the environment, prints where it is and who may log in, and stops it at SIGINT or SIGTERM.
 * @returns 0 after an orderly stop, 1 when the settings cannot be used.
 */
export const start: RunCommand = async ({ env, print }) => {
  try {
    const config = readConfig(env)
    const hub = await startHub(config)
    hub.ctx.log.info({ config: describeConfig(config) }, 'started')
    print(`Onequeue is ready on ${config.publicUrl}`)
    if (config.demo) {
      print(`The customers' side is on ${config.publicUrl}/sandbox`)
      for (const line of await demoLogIns(hub.ctx)) print(line)
    }
    if (hub.setupUrl !== null) print(`Nobody can administer this hub yet. Set a password on ${hub.setupUrl} (the link works once).`)
    const signal = await ended()
    hub.ctx.log.info({ signal }, 'stopping')
    await hub.stop()
    return 0
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    print(error.message)
    return 1
  }
}

/** The first signal to end; a second one ends the process at once, as usual. */
function ended(): Promise<string> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve('SIGINT'))
    process.once('SIGTERM', () => resolve('SIGTERM'))
  })
}
