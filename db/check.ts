import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { generateDrizzleJson, generateSQLiteDrizzleJson } from 'drizzle-kit/api'
import { packageRoot } from '../src/lib/package-root.ts'
import { tables as postgresTables } from './schema/postgres.ts'
import { tables as sqliteTables } from './schema/sqlite.ts'
import type { Dialect } from './store.ts'

/** What drizzle-kit writes beside each migration: the schema after it. Tables by name; the rest is the same for all. */
export interface Snapshot {
  readonly tables: Readonly<Record<string, unknown>>
}

/** The schema as `db/schema` describes it now. */
export async function currentSnapshot(dialect: Dialect): Promise<Snapshot> {
  // Both functions give classes of their own; only what JSON keeps of them is compared.
  const made = dialect === 'sqlite' ? await generateSQLiteDrizzleJson(sqliteTables) : generateDrizzleJson(postgresTables)
  return JSON.parse(JSON.stringify(made))
}

/** The schema that the newest migration leaves. @throws Error when the folder has none. */
export function migratedSnapshot(dialect: Dialect): Snapshot {
  const meta = join(packageRoot, 'db', 'migrations', dialect, 'meta')
  const { entries }: { entries: { idx: number; tag: string }[] } = JSON.parse(readFileSync(join(meta, '_journal.json'), 'utf8'))
  const newest = entries.at(-1)
  if (!newest) throw new Error(`${meta} lists no migration.`)
  return JSON.parse(readFileSync(join(meta, `${newest.tag.split('_')[0]}_snapshot.json`), 'utf8'))
}

/** Names of the tables that are not the same in both, sorted; PostgreSQL's stand as `public.name`. */
export function tablesThatDiffer(migrated: Snapshot, current: Snapshot): string[] {
  const names = new Set([...Object.keys(migrated.tables), ...Object.keys(current.tables)])
  return [...names].filter((name) => !isDeepStrictEqual(migrated.tables[name], current.tables[name])).sort()
}

/** Says for each dialect whether its migrations make the schema that the code expects. @returns whether both do. */
export async function checkMigrations(say: (line: string) => void): Promise<boolean> {
  let same = true
  for (const dialect of ['sqlite', 'postgres'] as const) {
    const different = tablesThatDiffer(migratedSnapshot(dialect), await currentSnapshot(dialect))
    if (different.length === 0) continue
    same = false
    say(`The ${dialect} migrations do not make the present schema; run npm run db:generate. Different: ${different.join(', ')}.`)
  }
  return same
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const same = await checkMigrations((line) => process.stderr.write(`${line}\n`))
  process.exitCode = same ? 0 : 1
}
