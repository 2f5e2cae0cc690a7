import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { createLineSandbox, type LineSandbox } from '../../channels/line/sandbox.ts'
import { createFakeClock, type FakeClock } from '../../src/adapters/clock-fake.ts'
import { createSystemClock } from '../../src/adapters/clock-system.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { type Hub, type HubOverrides, startHub } from '../../src/hub.ts'
import { createLog } from '../../src/lib/log.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { ServiceContext } from '../../src/services/context.ts'
import { type InvariantOptions, violationsOf } from './invariants.ts'
import { createDatabase } from './postgres.ts'

/** The databases that whole hubs are tested on; `sqlite` is a file, as in production. */
export const databases = ['sqlite', 'postgres'] as const
export type DatabaseKind = (typeof databases)[number]

/** Where the test hub is known to the world; it listens on loopback all the same. */
export const publicUrl = 'https://hub.test'

/** What a hub under test differs in. */
export interface TestHubOptions {
  readonly database?: DatabaseKind
  /** Another hub whose database and data folder this one shares. */
  readonly beside?: TestHub
  /** `fake` (the default) stands still until it is moved; `system` runs. */
  readonly clock?: 'fake' | 'system' | Clock
  /** Settings beyond those that a test hub has. */
  readonly env?: Readonly<Record<string, string>>
  readonly overrides?: HubOverrides
}

/** A line that the hub logged as an error. */
export interface LoggedError {
  readonly msg: string
  readonly err?: { readonly message?: string; readonly stack?: string }
  readonly [field: string]: unknown
}

/** A whole hub: HTTP, sockets, jobs, sweeps and router on a real database, beside a stand-in LINE platform. */
export interface TestHub {
  readonly url: string
  /** Where the hub takes mail by SMTP, when its settings say so. */
  readonly smtpPort: number | null
  readonly ctx: ServiceContext
  readonly config: Config
  /** The environment it was started from. */
  readonly env: Readonly<Record<string, string>>
  readonly database: DatabaseKind
  readonly clock: Clock
  /** The clock to be moved. @throws Error when the hub runs on the machine's clock. */
  readonly fake: FakeClock
  readonly line: LineSandbox
  /** What was logged as an error since it was asked last. */
  takeErrors(): LoggedError[]
  /** @throws AssertionError naming each invariant that does not hold, or each error that no test took. */
  check(options?: InvariantOptions): Promise<void>
  /** Ends the hub and starts another on the same database. */
  restart(): Promise<void>
  /** Ends the hub alone: its database and the stand-in platform stay, for a process of its own to work on. */
  suspend(): Promise<void>
  /** Starts a hub again after `suspend`. */
  resume(): Promise<void>
  /** Ends everything and removes its data. Idempotent. */
  stop(): Promise<void>
}

interface Place {
  readonly databaseUrl: string
  readonly dataDir: string
  remove(): Promise<void>
}

/** Starts a hub through `startHub`, as the command line does. Call `stop` after use, or let `useHub` do both. */
export async function startTestHub(options: TestHubOptions = {}): Promise<TestHub> {
  const database = options.beside?.database ?? options.database ?? 'sqlite'
  const place = options.beside === undefined ? await placeFor(database) : shared(options.beside)
  const clock = clockOf(options.clock)
  const line =
    options.beside?.line ??
    createLineSandbox({ clock, fetch: globalThis.fetch, log: silent, insecureMediaHosts: [new URL(publicUrl).host] })
  const origin = options.beside === undefined ? (await line.start()).origin : lineOriginOf(options.beside)
  const errors: LoggedError[] = []
  const env = { ...settings, DATABASE_URL: place.databaseUrl, DATA_DIR: place.dataDir, ...options.env }
  const config = readConfig(env)
  const log = createLog({ level: 'error', stream: { write: (text) => void errors.push(JSON.parse(text) as LoggedError) } })
  const start = () => startHub(config, { clock, log, allowedOrigins: [origin], checkOutput: true, ...options.overrides })
  let hub: Hub = await start()
  let stopped = false
  const face: TestHub = {
    get url() {
      return hub.url
    },
    get smtpPort() {
      return hub.smtpPort
    },
    get ctx() {
      return hub.ctx
    },
    config,
    env,
    database,
    clock,
    get fake() {
      if (!('advance' in clock)) throw new Error('This hub runs on the machine’s clock.')
      return clock as FakeClock
    },
    line,
    takeErrors: () => errors.splice(0),
    check: async (how) => {
      expect(await atRest(() => violationsOf(hub.ctx.store, how))).toEqual([])
      expect(errors.splice(0)).toEqual([])
    },
    restart: async () => {
      await hub.stop()
      hub = await start()
    },
    suspend: () => hub.stop(),
    resume: async () => {
      hub = await start()
    },
    stop: async () => {
      if (stopped) return
      stopped = true
      await hub.stop()
      if (options.beside === undefined) await line.stop()
      await place.remove()
    },
  }
  lineOrigins.set(face, origin)
  return face
}

/**
 * Registers a hub for the tests of the enclosing `describe`: started before them, checked against all invariants
 * after each, ended after the last.
 * @returns a function that gives the hub, inside tests and hooks.
 */
export function useHub(options: TestHubOptions = {}): () => TestHub {
  let hub: TestHub | undefined
  const given = () => {
    if (hub === undefined) throw new Error('The hub of this suite has not started.')
    return hub
  }
  beforeAll(async () => {
    hub = await startTestHub(options)
  })
  afterEach(async () => {
    await given().check()
  })
  afterAll(async () => {
    await hub?.stop()
  })
  return given
}

/** The tables are read one after the other: what changes between is no violation, and what is one stays. */
async function atRest(look: () => Promise<string[]>): Promise<string[]> {
  let found = await look()
  for (let round = 0; found.length > 0 && round < 20; round++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    found = await look()
  }
  return found
}

const settings = {
  NODE_ENV: 'test',
  HOST: '127.0.0.1',
  PORT: '0',
  PUBLIC_URL: publicUrl,
  DEMO: '0',
  ADMIN_EMAIL: 'root@hub.test',
  SECRET_KEY: 'a secret for tests that protects nothing',
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

const lineOrigins = new WeakMap<TestHub, string>()

/** Where the stand-in LINE platform of a hub answers. */
export function lineOriginOf(hub: TestHub): string {
  const origin = lineOrigins.get(hub)
  if (origin === undefined) throw new Error('This is no hub of `startTestHub`.')
  return origin
}

function clockOf(clock: TestHubOptions['clock'] = 'fake'): Clock {
  if (clock === 'fake') return createFakeClock()
  return clock === 'system' ? createSystemClock() : clock
}

function shared(other: TestHub): Place {
  return { databaseUrl: other.config.databaseUrl, dataDir: other.config.dataDir, remove: async () => undefined }
}

async function placeFor(database: DatabaseKind): Promise<Place> {
  const dataDir = await mkdtemp(join(tmpdir(), 'onequeue-hub-'))
  const removeDir = () => rm(dataDir, { recursive: true, force: true })
  if (database === 'sqlite') return { databaseUrl: `file:${join(dataDir, 'hub.db')}`, dataDir, remove: removeDir }
  const { url, drop } = await createDatabase()
  return {
    databaseUrl: url,
    dataDir,
    remove: async () => {
      await drop()
      await removeDir()
    },
  }
}
