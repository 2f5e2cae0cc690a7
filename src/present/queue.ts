import type { LoadedQueue } from '../../db/queries/load-queues.ts'
import { type Queue, queueSettingsSchema } from '../wire/queues.ts'

/** A queue with its rules (defaults for what an older version did not store) and members. */
export function presentQueue(row: LoadedQueue): Queue {
  return {
    id: row.id,
    name: row.name,
    enabled: row.enabled,
    settings: queueSettingsSchema.parse(row.settings),
    memberIds: [...row.memberIds],
  }
}
