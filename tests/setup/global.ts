import { startPostgres } from '../support/postgres.ts'
import { startRedis } from '../support/redis.ts'

/** A server that was started, or the sentence that says why not. */
type Started = { readonly url: string; stop(): Promise<void> } | { readonly missing: string }

/** Says in which process the servers were started. */
const startedBy = 'TEST_SERVERS_STARTED_BY'

/**
 * Starts the servers of one run and tells their addresses to the suites through the environment. A
 * server that cannot be started fails the run when `CI=true`; otherwise it is named and its suites fail alone.
 */
export async function setup(): Promise<() => Promise<void>> {
  // Every project of a run calls this, one after another; the first one starts and ends the servers.
  if (process.env[startedBy] === String(process.pid)) return async () => undefined
  process.env[startedBy] = String(process.pid)
  const [postgres, redis] = await Promise.all([started(startPostgres), started(startRedis)])
  const stop = async (): Promise<void> => {
    await Promise.all([postgres, redis].map(async (server) => 'url' in server && server.stop()))
  }
  for (const server of [postgres, redis]) {
    if ('url' in server) continue
    if (process.env['CI'] === 'true') {
      await stop()
      throw new Error(server.missing)
    }
    process.stderr.write(`${server.missing}\n`)
  }
  if ('url' in postgres) process.env['TEST_POSTGRES_URL'] = postgres.url
  if ('url' in redis) process.env['TEST_REDIS_URL'] = redis.url
  return stop
}

async function started(start: () => Promise<{ url: string; stop(): Promise<void> }>): Promise<Started> {
  try {
    return await start()
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) }
  }
}
