import type { InboxHealth, InboxQuota } from '../../src/wire/inboxes.ts'
import type { ChannelId } from '../../src/wire/words.ts'
import type { Kit } from '../kit.ts'
import type { peopleTables } from './people.ts'

/** Connected accounts and the ledger of what they sent us. */
export const channelTables = (k: Kit, { queues, agents }: ReturnType<typeof peopleTables>) => {
  const inboxes = k.table('inboxes', {
    id: k.id(),
    channel: k.text('channel').$type<ChannelId>().notNull(),
    name: k.text('name').notNull(),
    /** The channel's own settings without its secrets; the channel's schema validates them. */
    config: k.json<Record<string, unknown>>('config').notNull(),
    /** The settings marked secret, sealed with SECRET_KEY. */
    secrets: k.text('secrets'),
    queueId: k
      .text('queue_id')
      .notNull()
      .references(() => queues.id),
    locale: k.text('locale').notNull(),
    enabled: k.bool('enabled').notNull(),
    /** Only listed members (and roles that see all) may see its conversations. */
    restricted: k.bool('restricted').notNull(),
    /** An answer to a resolved conversation within this time reopens it. */
    reopenWindowMs: k.int('reopen_window_ms').notNull(),
    health: k.json<InboxHealth>('health').notNull(),
    /** What the account may still send for its plan; null where the channel does not meter, or before it was read. */
    quota: k.json<InboxQuota>('quota'),
    createdAt: k.instant('created_at').notNull(),
    updatedAt: k.instant('updated_at').notNull(),
  })

  const inboxMembers = k.table(
    'inbox_members',
    {
      inboxId: k
        .text('inbox_id')
        .notNull()
        .references(() => inboxes.id),
      agentId: k
        .text('agent_id')
        .notNull()
        .references(() => agents.id),
    },
    (t) => [k.primaryKey({ name: 'inbox_members_pk', columns: [t.inboxId, t.agentId] }), k.index('inbox_members_agent_ix').on(t.agentId)],
  )

  /** Raw bodies that carried several payloads; a single payload's body stands on its delivery. */
  const deliveryBodies = k.table('delivery_bodies', {
    id: k.id(),
    inboxId: k.text('inbox_id').notNull(),
    body: k.text('body').notNull(),
    /** `utf8` as it came, or `base64` when the bytes are not valid UTF-8. */
    encoding: k.text('encoding').$type<'utf8' | 'base64'>().notNull(),
    receivedAt: k.instant('received_at').notNull(),
  })

  const deliveries = k.table(
    'deliveries',
    {
      id: k.id(),
      inboxId: k.text('inbox_id').notNull(),
      /** The provider's id of this payload, or a hash of its bytes when it has none. */
      externalId: k.text('external_id').notNull(),
      status: k.text('status').$type<'received' | 'processed' | 'duplicate' | 'quarantined'>().notNull(),
      /** One payload, in a form the channel parses again on replay. */
      raw: k.text('raw').notNull(),
      encoding: k.text('encoding').$type<'utf8' | 'base64'>().notNull(),
      bodyId: k.text('body_id'),
      /** Sentence and stack of the failure that quarantined it. */
      error: k.text('error'),
      attempts: k.int('attempts').notNull(),
      /** How often the provider sent it again after it was stored. */
      repeats: k.int('repeats').notNull(),
      receivedAt: k.instant('received_at').notNull(),
      processedAt: k.instant('processed_at'),
    },
    (t) => [k.unique('deliveries_external_uq').on(t.inboxId, t.externalId), k.index('deliveries_status_ix').on(t.status, t.id)],
  )

  /** Where listeners stand, by inbox and folder; moved in the transaction that stores what they read. */
  const listenerCursors = k.table(
    'listener_cursors',
    {
      inboxId: k.text('inbox_id').notNull(),
      name: k.text('name').notNull(),
      value: k.json<Record<string, unknown>>('value').notNull(),
      updatedAt: k.instant('updated_at').notNull(),
    },
    (t) => [k.primaryKey({ name: 'listener_cursors_pk', columns: [t.inboxId, t.name] })],
  )

  return { inboxes, inboxMembers, deliveryBodies, deliveries, listenerCursors }
}
