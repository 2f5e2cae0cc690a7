import { desc, eq, lt } from 'drizzle-orm'
import type { RoutingConfiguration } from '../../src/wire/configuration.ts'
import type { Tables } from '../schema/index.ts'
import type { Store, Tx } from '../store.ts'

type VersionRow = Tables['configurationVersions']['$inferSelect']
export type VersionHead = Omit<VersionRow, 'configuration'>

/** Keeps a configuration as it is now. @returns its version, which rises. */
export async function insertConfigurationVersion(
  tx: Tx,
  row: { configuration: RoutingConfiguration; authorId: string | null; note: string; createdAt: number },
): Promise<number> {
  const [made] = await tx.db.insert(tx.t.configurationVersions).values(row).returning({ version: tx.t.configurationVersions.version })
  if (made === undefined) throw new Error('a version was inserted and none came back')
  return made.version
}

/** Versions without what they hold, the newest first, before `before`. */
export async function configurationVersions({ db, t }: Store, before: number | null, limit: number): Promise<VersionHead[]> {
  const { version, authorId, note, createdAt } = t.configurationVersions
  return db
    .select({ version, authorId, note, createdAt })
    .from(t.configurationVersions)
    .where(before === null ? undefined : lt(version, before))
    .orderBy(desc(version))
    .limit(limit)
}

/** A configuration as it was published; null when there is no such version. */
export async function configurationOfVersion({ db, t }: Store, version: number): Promise<RoutingConfiguration | null> {
  const [row] = await db
    .select({ configuration: t.configurationVersions.configuration })
    .from(t.configurationVersions)
    .where(eq(t.configurationVersions.version, version))
    .limit(1)
  return row?.configuration ?? null
}

/** A value kept under a key of the centre's settings; undefined when none was set. */
export async function settingOf(on: Store | Tx, key: string): Promise<unknown> {
  const { db, t } = on
  const [row] = await db.select({ value: t.settings.value }).from(t.settings).where(eq(t.settings.key, key)).limit(1)
  return row?.value
}

/** Keeps a value under a key of the centre's settings. */
export async function putSetting(tx: Tx, key: string, value: unknown): Promise<void> {
  await tx.db.insert(tx.t.settings).values({ key, value }).onConflictDoUpdate({ target: tx.t.settings.key, set: { value } })
}
