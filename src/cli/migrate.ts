import { migrate } from '../../db/migrate.ts'
import { openStore } from '../../db/store.ts'
import { readConfig } from '../config.ts'
import type { RunCommand } from './command.ts'

/** Applies what the database lacks; safe while nodes start at once. */
export const run: RunCommand = async ({ env, print }) => {
  const store = await openStore({ url: readConfig(env).databaseUrl })
  try {
    const applied = await migrate(store)
    print(applied === 0 ? 'The database is up to date.' : `${applied} migrations applied.`)
    return 0
  } finally {
    await store.close()
  }
}
