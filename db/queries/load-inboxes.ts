import { asc, inArray } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Store, Tx } from '../store.ts'
import { byIds, groupBy } from './by-ids.ts'

type InboxRow = Pick<
  Tables['inboxes']['$inferSelect'],
  'id' | 'channel' | 'name' | 'enabled' | 'restricted' | 'queueId' | 'health' | 'quota'
>

/** An inbox without its settings, and who belongs to it. */
export interface LoadedInbox extends InboxRow {
  readonly memberIds: readonly string[]
  /** What becomes of counted sends while the plan is low, and from which share it is. */
  readonly plan: { readonly whenLow: unknown; readonly lowPercent: unknown }
}

const inboxRows = byIds<InboxRow & Pick<Tables['inboxes']['$inferSelect'], 'config'>>('load_inboxes', ({ db, t: { inboxes: i } }, ids) =>
  db
    .select({
      id: i.id,
      channel: i.channel,
      name: i.name,
      enabled: i.enabled,
      restricted: i.restricted,
      queueId: i.queueId,
      health: i.health,
      quota: i.quota,
      config: i.config,
    })
    .from(i)
    .where(inArray(i.id, ids)),
)

const membersOf = byIds<{ inboxId: string; agentId: string }>('load_inbox_members', ({ db, t }, ids) =>
  db
    .select({ inboxId: t.inboxMembers.inboxId, agentId: t.inboxMembers.agentId })
    .from(t.inboxMembers)
    .where(inArray(t.inboxMembers.inboxId, ids))
    .orderBy(asc(t.inboxMembers.agentId)),
)

/** Inboxes by id, without settings and secrets. */
export async function loadInboxes(on: Store | Tx, ids: Iterable<string>): Promise<LoadedInbox[]> {
  const unique = [...new Set(ids)]
  const members = groupBy(await membersOf(on, unique), (r) => r.inboxId)
  const rows = await inboxRows(on, unique)
  return rows.map(({ config, ...row }) => ({
    ...row,
    plan: { whenLow: config.whenQuotaLow, lowPercent: config.quotaLowPercent },
    memberIds: (members.get(row.id) ?? []).map((m) => m.agentId),
  }))
}

/** Ids of all inboxes, in the order of their making. */
export const allInboxIds = statement<Record<string, never>, { id: string }>('all_inbox_ids', ({ db, t }) =>
  db.select({ id: t.inboxes.id }).from(t.inboxes).orderBy(asc(t.inboxes.id)),
)
