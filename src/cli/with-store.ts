import { migrate } from '../../db/migrate.ts'
import { openStore, type Store } from '../../db/store.ts'
import { type Config, readConfig } from '../config.ts'

/** Opens the configured database, brings it up to date, and closes it after `work`. */
export async function withStore<T>(
  env: Readonly<Record<string, string | undefined>>,
  work: (store: Store, config: Config) => Promise<T>,
): Promise<T> {
  const config = readConfig(env)
  const store = await openStore({ url: config.databaseUrl })
  try {
    await migrate(store)
    return await work(store, config)
  } finally {
    await store.close()
  }
}
