import type { LoadedInbox } from '../../db/queries/load-inboxes.ts'
import type { Capabilities, Inbox } from '../wire/inboxes.ts'

/** An inbox as agents see it: what its channel can do, and never a setting or secret. */
export function presentInbox(row: LoadedInbox, capabilities: Capabilities): Inbox {
  return {
    id: row.id,
    channel: row.channel,
    name: row.name,
    enabled: row.enabled,
    queueId: row.queueId,
    health: row.health,
    capabilities,
  }
}
