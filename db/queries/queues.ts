import { eq, sql } from 'drizzle-orm'
import { AppError } from '../../src/lib/errors.ts'
import { type QueueSettings, queueSettingsSchema } from '../../src/wire/queues.ts'
import { statement } from '../statement.ts'
import type { Store, Tx } from '../store.ts'

const settingsOf = statement<{ id: string }, { settings: QueueSettings }>('queue_settings', ({ db, t }) =>
  db
    .select({ settings: t.queues.settings })
    .from(t.queues)
    .where(eq(t.queues.id, sql.placeholder('id')))
    .limit(1),
)

/**
 * A queue's rules, with defaults for what an older version did not store.
 * @throws AppError 'not_found'.
 */
export async function queueSettings(on: Store | Tx, queueId: string): Promise<QueueSettings> {
  const [row] = await settingsOf(on, { id: queueId })
  if (row === undefined) throw new AppError('not_found', 'There is no such queue.', { queueId })
  return queueSettingsSchema.parse(row.settings)
}
