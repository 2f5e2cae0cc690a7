import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'

/** A Redis of the tests' own. */
export interface TestRedis {
  readonly url: string
  /** Ends the process and removes its folder. Idempotent. */
  stop(): Promise<void>
}

/** How long a server may take to start, milliseconds; a loaded machine needs more than the usual 50. */
const startTimeoutMs = 20_000

/** Ends the server when our end of standard input closes, which it does however this process dies. */
const guarded = `
exec 3<&0
redis-server "$@" < /dev/null &
server=$!
{ read -r _ <&3; kill -9 $server; } 2> /dev/null &
guard=$!
wait $server
code=$?
kill $guard
exit $code`

/**
 * Starts `redis-server` on a spare port, with its data in a temporary folder and nothing saved.
 * @throws Error with one sentence when the binary is missing or does not start.
 */
export async function startRedis(port?: number): Promise<TestRedis> {
  const chosen = port ?? (await sparePort())
  const directory = await mkdtemp(join(tmpdir(), 'onequeue-redis-'))
  const args = ['--port', String(chosen), '--bind', '127.0.0.1', '--dir', directory, '--save', '', '--appendonly', 'no']
  const server = spawn('sh', ['-c', guarded, 'sh', ...args], { stdio: ['pipe', 'ignore', 'ignore'] })
  const url = `redis://127.0.0.1:${chosen}/0`
  const stop = async (): Promise<void> => {
    await end(server)
    await rm(directory, { recursive: true, force: true })
  }
  try {
    await Promise.race([answers(url), diesEarly(server)])
  } catch (cause) {
    await stop()
    throw new Error('redis-server could not be started; install it (apt-get install redis-server) to run these tests.', { cause })
  }
  return { url, stop }
}

/** The address of the run's Redis, started by the global set-up. @throws Error when there is none. */
export function redisUrl(): string {
  const url = process.env['TEST_REDIS_URL']
  if (!url)
    throw new Error('TEST_REDIS_URL is not set: redis-server was not started by the global set-up, so the suites on Redis cannot run.')
  return url
}

/** A free port of the loopback interface. */
export function sparePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        if (typeof address === 'object' && address) resolve(address.port)
        else reject(new Error('No port was given.'))
      })
    })
  })
}

async function answers(url: string): Promise<void> {
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 20 })
  redis.on('error', () => undefined)
  const late = pause(startTimeoutMs, undefined, { ref: false }).then(() => Promise.reject(new Error('Redis did not answer.')))
  try {
    await Promise.race([redis.ping(), late])
  } finally {
    redis.disconnect()
  }
}

function diesEarly(server: ChildProcess): Promise<never> {
  return new Promise((_, reject) => {
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}.`)))
  })
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return
  const gone = new Promise((resolve) => server.once('exit', resolve))
  server.stdin?.end()
  await gone
}
