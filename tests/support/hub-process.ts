import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { until } from './until.ts'

/** A hub that runs in a process of its own. */
export interface HubProcess {
  readonly url: string
  /** Ends it as a power cut would, and waits until it is gone. */
  kill(): Promise<void>
  /** Ends it as an operator would; gives its exit code. */
  stop(): Promise<number | null>
}

const child = fileURLToPath(new URL('./hub-child.ts', import.meta.url))

/**
 * Starts one and waits until it is ready.
 * @param env its whole settings; `PORT` must be given.
 * @throws Error with what it wrote when it ends before that.
 */
export async function startHubProcess(env: Readonly<Record<string, string>>): Promise<HubProcess> {
  const { PATH, HOME } = process.env
  const hub = spawn(process.execPath, ['--import', 'tsx', child], {
    env: { PATH, HOME, LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [hub.stdout, hub.stderr]) stream.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-4_000)))
  const gone = new Promise<number | null>((resolve) => hub.once('exit', (code) => resolve(code)))
  const url = `http://127.0.0.1:${env['PORT']}`
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    hub.kill(signal)
    return gone
  }
  try {
    await until('the process is ready', () => isReady(hub, url, () => said), 60_000)
  } catch (error) {
    await end('SIGKILL')
    throw error
  }
  return { url, kill: async () => void (await end('SIGKILL')), stop: () => end('SIGTERM') }
}

async function isReady(hub: ChildProcess, url: string, said: () => string): Promise<boolean> {
  if (hub.exitCode !== null || hub.signalCode !== null) throw new Error(`The hub ended with ${hub.exitCode ?? hub.signalCode}: ${said()}`)
  const answer = await fetch(`${url}/readyz`).catch(() => null)
  await answer?.body?.cancel()
  return answer?.status === 200
}
