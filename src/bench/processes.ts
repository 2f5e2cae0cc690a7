import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../lib/errors.ts'
import { packageRoot } from '../lib/package-root.ts'
import { getStatus } from './raw-get.ts'
import type { Workshop } from './workshop.ts'

/** Path of the product's own start file. */
const startFile = join(packageRoot, 'bin', 'onequeue.mjs')
/** A server that is not ready by then will not be, milliseconds. */
const readyLimitMs = 60_000
/** Of one processor clock tick, milliseconds; Linux shows times in hundredths of a second. */
const tickMs = 10

/** How a hub under test is set up. */
export interface HubSettings {
  readonly dataDir: string
  readonly core: number | null
  /** A free one when left out. */
  readonly port?: number
  /** Flags for node itself. */
  readonly nodeFlags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** A hub in a process of its own. */
export interface HubProcess {
  readonly port: number
  readonly pid: number
  /** From the start of the process to the first 200 of `/readyz`, milliseconds. */
  readonly readyMs: number
  /** Processor time so far, milliseconds. */
  cpuMs(): number
  /** Resident and proportional memory, KiB. */
  memory(): { readonly rssKib: number; readonly pssKib: number }
  /** Ends it at once and waits. */
  kill(): Promise<void>
  /** Ends it in order and waits. @throws AppError 'bug' when it does not end. */
  stop(): Promise<void>
}

/** The environment of a hub under test: as in production, on loopback, with a database in `dataDir`. */
export function hubEnv(dataDir: string, port: number): Record<string, string> {
  return {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DATA_DIR: dataDir,
    DEMO: '0',
    SECRET_KEY: 'a key for benchmarks that protects nothing',
    LOG_LEVEL: 'fatal',
  }
}

/** Starts a hub from `dist` and waits until it is ready. @throws AppError 'unavailable' when it ends or does not get ready. */
export async function startHubProcess(shop: Workshop, settings: HubSettings): Promise<HubProcess> {
  const port = settings.port ?? (await freePort())
  const env = { PATH: shop.env.PATH ?? '', ...hubEnv(settings.dataDir, port), ONEQUEUE_NO_BUILD: '1', ...settings.env }
  const startedMs = performance.now()
  const child = spawnNode(settings.core, [...(settings.nodeFlags ?? []), startFile, 'start'], env, ['ignore', 'ignore', 'inherit'])
  await untilReady(child, port)
  const readyMs = performance.now() - startedMs
  const { pid = 0 } = child
  return {
    port,
    pid,
    readyMs,
    cpuMs: () => cpuMsOf(pid),
    memory: () => memoryOf(pid),
    kill: () => end(child, 'SIGKILL'),
    stop: () => end(child, 'SIGTERM'),
  }
}

async function untilReady(child: ChildProcess, port: number): Promise<void> {
  const giveUpMs = performance.now() + readyLimitMs
  while ((await getStatus(port, '/readyz')) !== 200) {
    if (child.exitCode !== null || child.signalCode !== null) throw new AppError('unavailable', 'The hub under test ended while starting.')
    if (performance.now() > giveUpMs) {
      await end(child, 'SIGKILL')
      throw new AppError('unavailable', 'The hub under test did not get ready.')
    }
    await sleep(4)
  }
}

/** Starts node, held to one processor when `core` is given. The process is node itself, also behind taskset. */
export function spawnNode(
  core: number | null,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  stdio: ('ignore' | 'inherit' | 'pipe' | 'ipc')[],
): ChildProcess {
  const options = { env: { ...env }, stdio, serialization: 'advanced' as const }
  const child =
    core === null
      ? spawn(process.execPath, [...words], options)
      : spawn('taskset', ['-c', String(core), process.execPath, ...words], options)
  const endWithUs = (): void => void child.kill('SIGKILL')
  process.once('exit', endWithUs)
  child.once('exit', () => process.off('exit', endWithUs))
  return child
}

/** Starts one of the benchmark's own processes. */
export function spawnBenchChild(shop: Workshop, core: number | null): ChildProcess {
  const env = { PATH: shop.env.PATH ?? '', ONEQUEUE_NO_BUILD: '1' }
  return spawnNode(core, [startFile, 'bench', 'child'], env, ['ignore', 'ignore', 'inherit', 'ipc'])
}

/** Sends a signal and waits for the end. @throws AppError 'bug' after 20 s; it is killed then. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise<boolean>((resolve) => child.once('exit', () => resolve(true)))
  child.kill(signal)
  const inTime = await Promise.race([exited, sleep(20_000, false, { ref: false })])
  if (inTime) return
  child.kill('SIGKILL')
  await exited
  throw new AppError('bug', `A process did not end within 20 s of ${signal}.`)
}

/** A port nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name stands in brackets and may hold anything; user and system time are the 12th and 13th words after it.
  const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(words[11]) + Number(words[12])) * tickMs
}

function memoryOf(pid: number): { rssKib: number; pssKib: number } {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const kib = (name: string): number => Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(rollup)?.[1] ?? Number.NaN)
  return { rssKib: kib('Rss'), pssKib: kib('Pss') }
}
