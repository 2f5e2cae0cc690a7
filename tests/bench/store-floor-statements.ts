import type { Database } from 'better-sqlite3'
import { and, eq, ne, sql } from 'drizzle-orm'
import { statement } from '../../db/statement.ts'
import type { Store, Tx } from '../../db/store.ts'
import { newId } from '../../src/lib/ids.ts'
import { rowOf } from '../support/rows.ts'

/** A customer with one open conversation, as the floor's transactions find it. */
export interface Thread {
  readonly inboxId: string
  readonly contactId: string
  readonly conversationId: string
  readonly address: string
}

/** One message to take in. */
export interface Ingest {
  readonly thread: Thread
  readonly deliveryId: string
  readonly messageId: string
  readonly externalId: string
  readonly raw: string
  readonly text: string
  readonly now: number
}

const p = sql.placeholder

const insertDelivery = statement<{ id: string; inboxId: string; externalId: string; raw: string; now: number }, { id: string }>(
  'floor.insert_delivery',
  ({ db, t }) =>
    db
      .insert(t.deliveries)
      .values({
        id: p('id'),
        inboxId: p('inboxId'),
        externalId: p('externalId'),
        status: 'received',
        raw: p('raw'),
        encoding: 'utf8',
        attempts: 0,
        repeats: 0,
        receivedAt: p('now'),
      })
      .onConflictDoNothing()
      .returning({ id: t.deliveries.id }),
)

const inboxById = statement<{ id: string }, { id: string; enabled: boolean; queueId: string }>('floor.inbox', ({ db, t }) =>
  db
    .select({ id: t.inboxes.id, enabled: t.inboxes.enabled, queueId: t.inboxes.queueId })
    .from(t.inboxes)
    .where(eq(t.inboxes.id, p('id'))),
)

const pointByAddress = statement<{ address: string }, { id: string; contactId: string; verified: boolean }>('floor.point', ({ db, t }) =>
  db
    .select({ id: t.contactPoints.id, contactId: t.contactPoints.contactId, verified: t.contactPoints.verified })
    .from(t.contactPoints)
    .where(and(eq(t.contactPoints.kind, 'line'), eq(t.contactPoints.address, p('address')))),
)

const liveConversation = statement<{ inboxId: string; threadKey: string }, { id: string; status: string; messageCount: number }>(
  'floor.live',
  ({ db, t }) =>
    db
      .select()
      .from(t.conversations)
      .where(
        and(
          eq(t.conversations.inboxId, p('inboxId')),
          eq(t.conversations.threadKey, p('threadKey')),
          ne(t.conversations.status, 'resolved'),
        ),
      ),
)

const insertMessage = statement<
  {
    id: string
    conversationId: string
    inboxId: string
    ordinal: number
    authorId: string
    parts: unknown
    externalId: string
    now: number
  },
  never
>('floor.insert_message', ({ db, t }) =>
  db.insert(t.messages).values({
    id: p('id'),
    conversationId: p('conversationId'),
    inboxId: p('inboxId'),
    ordinal: p('ordinal'),
    direction: 'in',
    authorType: 'contact',
    authorId: p('authorId'),
    parts: p('parts'),
    externalId: p('externalId'),
    occurredAt: p('now'),
    createdAt: p('now'),
  }),
)

const touchConversation = statement<{ id: string; ordinal: number; preview: unknown; now: number }, never>('floor.touch', ({ db, t }) =>
  db
    .update(t.conversations)
    .set({
      messageCount: sql`${p('ordinal')}`,
      lastMessageAt: sql`${p('now')}`,
      updatedAt: sql`${p('now')}`,
      awaiting: 'agent',
      preview: sql`${sql.param(p('preview'), t.conversations.preview)}`,
    })
    .where(eq(t.conversations.id, p('id'))),
)

const bumpCounter = statement<{ scope: string; name: string }, never>('floor.count', ({ db, t }) =>
  db
    .insert(t.counters)
    .values({ scope: p('scope'), name: p('name'), value: 1 })
    .onConflictDoUpdate({ target: [t.counters.scope, t.counters.name], set: { value: sql`${t.counters.value} + 1` } }),
)

const finishDelivery = statement<{ id: string; now: number }, never>('floor.finish_delivery', ({ db, t }) =>
  db
    .update(t.deliveries)
    .set({ status: 'processed', processedAt: sql`${p('now')}` })
    .where(eq(t.deliveries.id, p('id'))),
)

/** The ten statements of one message, two of them events. */
export async function ingestOnce(tx: Tx, { thread, deliveryId, messageId, externalId, raw, text, now }: Ingest): Promise<void> {
  const fresh = await insertDelivery(tx, { id: deliveryId, inboxId: thread.inboxId, externalId, raw, now })
  if (fresh.length === 0) return
  const [inbox] = await inboxById(tx, { id: thread.inboxId })
  const [point] = await pointByAddress(tx, { address: thread.address })
  const [conversation] = await liveConversation(tx, { inboxId: thread.inboxId, threadKey: thread.address })
  if (!inbox?.enabled || !point || !conversation) throw new Error('The seed is incomplete.')
  const ordinal = conversation.messageCount + 1
  await insertMessage(tx, {
    id: messageId,
    conversationId: conversation.id,
    inboxId: thread.inboxId,
    ordinal,
    authorId: point.contactId,
    parts: [{ type: 'text', text }],
    externalId,
    now,
  })
  await touchConversation(tx, { id: conversation.id, ordinal, preview: { direction: 'in', kind: 'text', text }, now })
  await bumpCounter(tx, { scope: inbox.queueId, name: 'messages' })
  await finishDelivery(tx, { id: deliveryId, now })
  const about = { at: now, actorType: 'contact' as const, actorId: point.contactId, conversationId: conversation.id }
  tx.append({ ...about, type: 'message.created', subjectId: messageId, data: { ordinal } })
  tx.append({ ...about, type: 'conversation.updated', subjectId: conversation.id, data: { awaiting: 'agent' } })
}

/** The same ten statements by hand. */
export function bareIngest(database: Database): (item: Ingest) => void {
  const q = {
    insertDelivery: database.prepare(
      "insert into deliveries (id, inbox_id, external_id, status, raw, encoding, attempts, repeats, received_at) values (?, ?, ?, 'received', ?, 'utf8', 0, 0, ?) on conflict do nothing returning id",
    ),
    inbox: database.prepare('select id, enabled, queue_id from inboxes where id = ?'),
    point: database.prepare("select id, contact_id, verified from contact_points where kind = 'line' and address = ?"),
    live: database.prepare("select * from conversations where inbox_id = ? and thread_key = ? and status <> 'resolved'"),
    insertMessage: database.prepare(
      "insert into messages (id, conversation_id, inbox_id, ordinal, direction, author_type, author_id, parts, external_id, occurred_at, created_at) values (?, ?, ?, ?, 'in', 'contact', ?, ?, ?, ?, ?)",
    ),
    touch: database.prepare(
      "update conversations set message_count = ?, last_message_at = ?, updated_at = ?, awaiting = 'agent', preview = ? where id = ?",
    ),
    count: database.prepare(
      'insert into counters (scope, name, value) values (?, ?, 1) on conflict (scope, name) do update set value = value + 1',
    ),
    finish: database.prepare("update deliveries set status = 'processed', processed_at = ? where id = ?"),
    event: database.prepare(
      'insert into events (type, at, actor_type, actor_id, conversation_id, subject_id, data) values (?, ?, ?, ?, ?, ?, ?) returning seq',
    ),
  }
  return ({ thread, deliveryId, messageId, externalId, raw, text, now }) => {
    if (!q.insertDelivery.get(deliveryId, thread.inboxId, externalId, raw, now)) return
    const inbox = q.inbox.get(thread.inboxId) as { queue_id: string }
    const point = q.point.get(thread.address) as { contact_id: string }
    const conversation = q.live.get(thread.inboxId, thread.address) as {
      id: string
      message_count: number
      tags: string
      preview: string
      required_skills: string
      avoid: string
    }
    // The store hands json columns over parsed, so the floor parses them too.
    for (const json of [conversation.tags, conversation.preview, conversation.required_skills, conversation.avoid]) JSON.parse(json)
    const ordinal = conversation.message_count + 1
    q.insertMessage.run(
      messageId,
      conversation.id,
      thread.inboxId,
      ordinal,
      point.contact_id,
      JSON.stringify([{ type: 'text', text }]),
      externalId,
      now,
      now,
    )
    q.touch.run(ordinal, now, now, JSON.stringify({ direction: 'in', kind: 'text', text }), conversation.id)
    q.count.run(inbox.queue_id, 'messages')
    q.finish.run(now, deliveryId)
    q.event.get('message.created', now, 'contact', point.contact_id, conversation.id, messageId, JSON.stringify({ ordinal }))
    q.event.get(
      'conversation.updated',
      now,
      'contact',
      point.contact_id,
      conversation.id,
      conversation.id,
      JSON.stringify({ awaiting: 'agent' }),
    )
  }
}

/** Makes one inbox and `count` contacts, each with an open conversation. */
export async function seedThreads(store: Store, count: number): Promise<Thread[]> {
  const at = 1_764_000_000_000
  const inboxId = newId()
  const queueId = newId()
  const threads = Array.from({ length: count }, (_, index) => ({
    inboxId,
    contactId: newId(),
    conversationId: newId(),
    address: `provider:U${index}`,
  }))
  await store.tx(async ({ db, t }) => {
    await db.insert(t.queues).values(rowOf(t.queues, { id: queueId, name: 'Care' }))
    await db.insert(t.inboxes).values(rowOf(t.inboxes, { id: inboxId, channel: 'line', queueId, enabled: true }))
    for (const { contactId, conversationId, address } of threads) {
      const contactPointId = newId()
      await db.insert(t.contacts).values(rowOf(t.contacts, { id: contactId, name: address }))
      await db.insert(t.contactPoints).values(rowOf(t.contactPoints, { id: contactPointId, contactId, kind: 'line', address }))
      await db.insert(t.conversations).values(
        rowOf(t.conversations, {
          id: conversationId,
          inboxId,
          channel: 'line',
          contactId,
          contactPointId,
          threadKey: address,
          status: 'queued',
          open: true,
          awaiting: 'agent',
          queueId,
          requiredSkills: [],
          avoid: [],
          tags: [],
          waitingSince: at,
          queuedAt: at,
          lastMessageAt: at,
          createdAt: at,
          updatedAt: at,
          preview: { direction: 'in', kind: 'text', text: '' },
        }),
      )
    }
  })
  return threads
}
