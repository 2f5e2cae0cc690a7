import { sql } from 'drizzle-orm'
import type { Tx } from '../store.ts'

/**
 * Makes transactions that ask for the same name wait for one another until their ends, so that a rule over several
 * rows (at least one administrator) holds on PostgreSQL too, where two could otherwise both pass their check.
 */
export async function lockName(tx: Tx, name: string): Promise<void> {
  const { settings } = tx.t
  await tx.db
    .insert(settings)
    .values({ key: `lock:${name}`, value: 0 })
    .onConflictDoUpdate({ target: settings.key, set: { value: sql`excluded.value` } })
}
