import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator'
import { AppError } from '../src/lib/errors.ts'
import { packageRoot } from '../src/lib/package-root.ts'
import { type Dialect, type MaintenanceConnection, openStore, type Store } from './store.ts'

const createLedger = 'create table if not exists schema_migrations (number integer primary key, hash text not null)'

/**
 * Brings the database to this program's schema: applies the migrations it does not have, all in one transaction. Two nodes
 * that start at once wait for each other. Idempotent.
 * @param target a store, or a database URL to open and close for it.
 * @returns how many migrations were applied.
 * @throws AppError 'conflict' when the database was made by another version, whose migrations are not known here.
 */
export async function migrate(target: Store | string): Promise<number> {
  if (typeof target !== 'string') return migrateStore(target)
  const store = await openStore({ url: target })
  try {
    return await migrateStore(store)
  } finally {
    await store.close()
  }
}

/**
 * How many migrations the database lacks; 0 means ready. Only reads.
 * @throws AppError 'conflict' as `migrate` does.
 */
export async function countPendingMigrations(store: Store): Promise<number> {
  const known = migrationsOf(store.dialect)
  const applied = await store.db.select({ hash: sql<string>`hash` }).from(sql`schema_migrations`).orderBy(sql`number`)
  assertSameHistory(
    known,
    applied.map(({ hash }) => hash),
  )
  return known.length - applied.length
}

async function migrateStore(store: Store): Promise<number> {
  // A start with nothing to do asks for no lock, and for none of the checks that follow a change of the schema.
  if ((await hasLedger(store)) && (await countPendingMigrations(store)) === 0) return 0
  const known = migrationsOf(store.dialect)
  return store.maintain(async (connection) => {
    await connection.execute(createLedger)
    const applied = (await connection.execute('select hash from schema_migrations order by number')).map(([hash]) => String(hash))
    assertSameHistory(known, applied)
    for (let number = applied.length; number < known.length; number++) await apply(connection, store.dialect, known[number], number)
    return known.length - applied.length
  })
}

async function hasLedger(store: Store): Promise<boolean> {
  const place =
    store.dialect === 'sqlite'
      ? sql`(select name from sqlite_master where name = 'schema_migrations') as ledger`
      : sql`(select to_regclass('schema_migrations')::text as name) as ledger`
  const [ledger] = await store.db.select({ name: sql<string | null>`name` }).from(place)
  return (ledger?.name ?? null) !== null
}

async function apply(
  connection: MaintenanceConnection,
  dialect: Dialect,
  migration: MigrationMeta | undefined,
  number: number,
): Promise<void> {
  if (!migration) return
  for (const text of migration.sql) if (text.trim() !== '') await connection.execute(text)
  const values = dialect === 'sqlite' ? '?, ?' : '$1, $2'
  await connection.execute(`insert into schema_migrations (number, hash) values (${values})`, [number, migration.hash])
}

function migrationsOf(dialect: Dialect): MigrationMeta[] {
  return readMigrationFiles({ migrationsFolder: join(packageRoot, 'db', 'migrations', dialect) })
}

function assertSameHistory(known: readonly MigrationMeta[], applied: readonly string[]): void {
  const strange = applied.findIndex((hash, number) => known[number]?.hash !== hash)
  if (strange === -1) return
  throw new AppError(
    'conflict',
    `The database was made by another version of onequeue: its migration ${strange + 1} is not known here. Start the version that made it, or restore a backup.`,
  )
}
