import type { ActorType } from '../../src/wire/words.ts'
import type { Kit } from '../kit.ts'

/** The event log and the small tables that keep a running hub honest. */
export const logTables = (k: Kit) => {
  /** Append-only; `seq` order is commit order. Rows carry ids and facts, never message text. */
  const events = k.table(
    'events',
    {
      seq: k.seq(),
      type: k.text('type').notNull(),
      at: k.instant('at').notNull(),
      actorType: k.text('actor_type').$type<ActorType>().notNull(),
      actorId: k.text('actor_id'),
      conversationId: k.text('conversation_id'),
      /** The message, offer, contact, agent, queue or inbox the event is about. */
      subjectId: k.text('subject_id'),
      data: k.json<Record<string, unknown>>('data').notNull(),
    },
    (t) => [k.index('events_conversation_ix').on(t.conversationId, t.seq)],
  )

  /** Numbers kept with each change, so that no list has to count. */
  const counters = k.table(
    'counters',
    {
      scope: k.text('scope').notNull(),
      name: k.text('name').notNull(),
      value: k.int('value').notNull(),
    },
    (t) => [k.primaryKey({ name: 'counters_pk', columns: [t.scope, t.name] })],
  )

  /** Who leads a duty; `token` rises with every change of holder and fences the stale one. */
  const leases = k.table('leases', {
    name: k.text('name').primaryKey(),
    holder: k.text('holder').notNull(),
    token: k.int('token').notNull(),
    expiresAt: k.instant('expires_at').notNull(),
  })

  const cursors = k.table('cursors', {
    name: k.text('name').primaryKey(),
    seq: k.int('seq').notNull(),
  })

  const settings = k.table('settings', {
    key: k.text('key').primaryKey(),
    value: k.json<unknown>('value').notNull(),
  })

  const idempotencyKeys = k.table(
    'idempotency_keys',
    {
      /** Agent the key belongs to. */
      agentId: k.text('agent_id').notNull(),
      key: k.text('key').notNull(),
      /** SHA-256 of method, path and body. */
      requestHash: k.text('request_hash').notNull(),
      status: k.int('status'),
      body: k.text('body'),
      createdAt: k.instant('created_at').notNull(),
    },
    (t) => [
      k.primaryKey({ name: 'idempotency_keys_pk', columns: [t.agentId, t.key] }),
      k.index('idempotency_keys_created_ix').on(t.createdAt),
    ],
  )

  return { events, counters, leases, cursors, settings, idempotencyKeys }
}
