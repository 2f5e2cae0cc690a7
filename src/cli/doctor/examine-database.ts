import { sql } from 'drizzle-orm'
import { countPendingMigrations } from '../../../db/migrate.ts'
import { openStore, type Store } from '../../../db/store.ts'
import type { Config } from '../../config.ts'
import { createSecrets } from '../../lib/secrets.ts'
import { checkCounters } from '../../services/checkup/check-counters.ts'
import { inboxSecretsPlace } from '../../services/inboxes/open-inboxes.ts'
import { examineWork } from './examine-work.ts'
import { type Finding, fault, messageOf, ok, warning } from './findings.ts'

/**
 * Whether the database opens, is whole and is this version's, whether its secrets open with this SECRET_KEY, and how the work
 * in it stands. Changes nothing.
 */
export async function examineDatabase(config: Config, now: number): Promise<Finding[]> {
  let store: Store
  try {
    store = await openStore({ url: config.databaseUrl })
  } catch (error) {
    return [fault(messageOf(error))]
  }
  try {
    const schema = await examineSchema(store)
    if (schema.level !== 'ok') return [schema]
    return [
      schema,
      await examinePages(store),
      await examineCounters(store),
      ...(await examineSecrets(store, config)),
      ...(await examineWork(store, now)),
    ]
  } catch (error) {
    return [fault(`The database cannot be read: ${messageOf(error)}`)]
  } finally {
    await store.close()
  }
}

async function examineSchema(store: Store): Promise<Finding> {
  try {
    const pending = await countPendingMigrations(store)
    if (pending === 0) return ok(`The database (${store.dialect}) has this version’s schema.`)
    return warning(`The database lacks ${pending} migrations; \`onequeue migrate\` or a start applies them.`)
  } catch (error) {
    const none = messageOf(error).includes('schema_migrations')
    return none ? warning('The database is empty; a start fills in the schema.') : fault(messageOf(error))
  }
}

async function examinePages(store: Store): Promise<Finding> {
  if (store.dialect === 'postgres') return ok('PostgreSQL looks after its own pages.')
  const rows = await store.db.select({ says: sql<string>`quick_check` }).from(sql`pragma_quick_check`).limit(5)
  const faults = rows.map(({ says }) => says).filter((says) => says !== 'ok')
  if (faults.length === 0) return ok('The database file is whole.')
  return fault(`The database file is damaged (${faults.join('; ')}); restore a backup.`)
}

async function examineCounters(store: Store): Promise<Finding> {
  const faults = await checkCounters(store)
  if (faults.length === 0) return ok('The kept numbers agree with the conversations.')
  return warning(`${faults.length} kept numbers differ, which a running hub may show for a moment: ${faults[0] ?? ''}`)
}

async function examineSecrets(store: Store, config: Config): Promise<Finding[]> {
  const { inboxes } = store.t
  const secrets = createSecrets(config.secretKey)
  const rows = await store.db.select({ id: inboxes.id, name: inboxes.name, secrets: inboxes.secrets, health: inboxes.health }).from(inboxes)
  return rows.map(({ id, name, secrets: sealed, health }) => {
    try {
      if (sealed !== null) secrets.open(sealed, inboxSecretsPlace(id))
    } catch {
      return fault(`The secrets of inbox "${name}" do not open with this SECRET_KEY; set the key they were sealed with.`)
    }
    if (health.state === 'ok') return ok(`Inbox "${name}" is well.`)
    return warning(`Inbox "${name}": ${health.state}${health.detail === null ? '' : `, ${health.detail}`}`)
  })
}
