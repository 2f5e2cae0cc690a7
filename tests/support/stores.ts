import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '../../db/migrate.ts'
import { openStore, type Store, type StoreConfig } from '../../db/store.ts'
import { createMigratedDatabase } from './postgres.ts'

/** A database for one test file. */
export interface TestStore {
  readonly store: Store
  readonly url: string
  /** Errors that the store reported because nobody awaited them. */
  readonly reported: unknown[]
  /** Closes the store and removes its data. */
  dispose(): Promise<void>
}

/** The databases that every suite on the store runs on. */
export const storeKinds = ['sqlite-file', 'sqlite-memory', 'postgres'] as const
export type StoreKind = (typeof storeKinds)[number]

/**
 * Opens a fresh, migrated database.
 * @throws Error when `kind` is `postgres` and the run has no server.
 */
export async function openTestStore(kind: StoreKind, config: Omit<StoreConfig, 'url'> = {}): Promise<TestStore> {
  const place = await placeFor(kind)
  const reported: unknown[] = []
  const store = await openStore({ url: place.url, report: (error) => reported.push(error), ...config })
  await migrate(store)
  const dispose = async (): Promise<void> => {
    await store.close()
    await place.remove()
  }
  return { store, url: place.url, reported, dispose }
}

async function placeFor(kind: StoreKind): Promise<{ url: string; remove(): Promise<void> }> {
  if (kind === 'sqlite-memory') return { url: 'file::memory:', remove: async () => undefined }
  if (kind === 'postgres') {
    const { url, drop } = await createMigratedDatabase()
    return { url, remove: drop }
  }
  const folder = await mkdtemp(join(tmpdir(), 'onequeue-store-'))
  return { url: `file:${join(folder, 'test.db')}`, remove: () => rm(folder, { recursive: true, force: true }) }
}
