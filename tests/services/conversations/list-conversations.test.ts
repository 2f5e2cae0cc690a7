import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { canSee, type Viewer } from '../../../src/core/access/authorize.ts'
import { newId } from '../../../src/lib/ids.ts'
import { listConversations } from '../../../src/services/conversations/list-conversations.ts'
import { listMessages } from '../../../src/services/conversations/list-messages.ts'
import { type Conversation, type ConversationListQuery, conversationListQuerySchema } from '../../../src/wire/conversations.ts'
import { messageListQuerySchema } from '../../../src/wire/pages.ts'
import type { ChannelId, ConversationStatus } from '../../../src/wire/words.ts'
import { type RealtimeHub, startRealtimeHub } from '../../realtime/harness.ts'
import { createDatabase } from '../../support/postgres.ts'
import { rowOf } from '../../support/rows.ts'

let hub: RealtimeHub
let prepared: string[]
beforeEach(async () => {
  prepared = []
  const prepare = Database.prototype.prepare
  vi.spyOn(Database.prototype, 'prepare').mockImplementation(function (this: Database.Database, sql: string) {
    prepared.push(sql)
    return prepare.call(this, sql)
  })
  hub = await startRealtimeHub()
})
afterEach(async () => {
  await hub.stop()
  vi.restoreAllMocks()
})

interface Row {
  readonly id: string
  readonly queueId: string
  readonly inboxId: string
  readonly assigneeId: string | null
  readonly offeredTo: string | null
  readonly status: ConversationStatus
  readonly channel: ChannelId
  readonly contactId: string
  readonly lastMessageAt: number
  readonly waitingSince: number
}

const queues = ['queue a', 'queue b', 'queue c']
const agents = ['mei', 'wei', 'hao']
const statuses: ConversationStatus[] = ['queued', 'offered', 'active', 'wrap_up', 'snoozed', 'resolved']

/** A centre's worth of conversations with many equal instants, so that ties are met. */
async function fill(count: number): Promise<Row[]> {
  const { store } = hub.ctx
  const { t } = store
  let random = 11
  const below = (n: number) => (random = (random * 48_271) % 2_147_483_647) % n
  const pick = <T>(all: readonly T[]): T => all[below(all.length)] as T
  const rows: Row[] = []
  await store.tx(async (tx) => {
    for (const id of queues) await tx.db.insert(t.queues).values(rowOf(t.queues, { id, name: id, settings: {} as never }))
    await tx.db.insert(t.inboxes).values(rowOf(t.inboxes, { id: 'open', channel: 'line', queueId: 'queue a' }))
    await tx.db.insert(t.inboxes).values(rowOf(t.inboxes, { id: 'hidden', channel: 'webchat', queueId: 'queue a' }))
    for (let i = 0; i < 5; i++) {
      await tx.db.insert(t.contacts).values(rowOf(t.contacts, { id: `contact ${i}`, name: `Contact ${i}`, fields: {} }))
      await tx.db
        .insert(t.contactPoints)
        .values(rowOf(t.contactPoints, { id: `point ${i}`, contactId: `contact ${i}`, kind: 'line', address: `${i}` }))
    }
    for (let i = 0; i < count; i++) {
      const status = pick(statuses)
      const contact = below(5)
      const held = status === 'active' || status === 'wrap_up' || status === 'snoozed' || status === 'resolved'
      const inboxId = below(4) === 0 ? 'hidden' : 'open'
      const row: Row = {
        id: newId(),
        queueId: pick(queues),
        inboxId,
        status,
        channel: inboxId === 'hidden' ? 'webchat' : 'line',
        contactId: `contact ${contact}`,
        assigneeId: held && below(5) > 0 ? pick(agents) : null,
        offeredTo: status === 'offered' ? pick(agents) : null,
        lastMessageAt: 1_000 + below(40),
        waitingSince: 1_000 + below(40),
      }
      rows.push(row)
      const rest = {
        contactPointId: `point ${contact}`,
        threadKey: row.id,
        open: status !== 'resolved',
        awaiting: 'agent',
        tags: [],
        preview: null,
      } as const
      await tx.db.insert(t.conversations).values(rowOf(t.conversations, { ...row, ...rest, tags: [], requiredSkills: [], avoid: [] }))
      if (row.offeredTo !== null) {
        await tx.db
          .insert(t.offers)
          .values(
            rowOf(t.offers, { conversationId: row.id, agentId: row.offeredTo, queueId: row.queueId, status: 'pending', why: {} as never }),
          )
      }
    }
  })
  return rows
}

const viewer = (visibility: Viewer['visibility'], more: Partial<Viewer> = {}): Viewer => ({
  agentId: 'mei',
  roleId: 'agent',
  permissions: new Set(['conversation.read']),
  visibility,
  queueIds: new Set(['queue a', 'queue b']),
  hiddenInboxIds: new Set(visibility === 'all' ? [] : ['hidden']),
  ...more,
})

const query = (given: Partial<ConversationListQuery>): ConversationListQuery => conversationListQuerySchema.parse(given)

/** All pages, one after the other. */
async function readAll(who: Viewer, given: Partial<ConversationListQuery>): Promise<Conversation[]> {
  const items: Conversation[] = []
  let cursor: string | undefined
  for (let pages = 0; pages < 500; pages++) {
    const page = await listConversations(hub.ctx, who, query({ ...given, ...(cursor === undefined ? {} : { cursor }) }))
    items.push(...page.items)
    if (page.nextCursor === null) return items
    cursor = page.nextCursor
  }
  throw new Error('the list does not end')
}

/** What a list holds by definition: everything that fits and may be seen, in order. */
function expected(rows: readonly Row[], who: Viewer, given: Partial<ConversationListQuery>): string[] {
  const { view = 'open' } = given
  const fits = (row: Row): boolean => {
    if (view === 'resolved' ? row.status !== 'resolved' : row.status === 'resolved') return false
    if (view === 'mine' && row.assigneeId !== who.agentId) return false
    if (view === 'waiting' && row.status !== 'queued' && row.status !== 'offered') return false
    const { queueId, assigneeId, contactId, channel } = given
    if (queueId !== undefined && row.queueId !== queueId) return false
    if (assigneeId !== undefined && row.assigneeId !== assigneeId) return false
    if (contactId !== undefined && row.contactId !== contactId) return false
    if (channel !== undefined && row.channel !== channel) return false
    return canSee(who, row)
  }
  const byId = (a: Row, b: Row) => (a.id < b.id ? -1 : 1)
  const sorted = rows
    .filter(fits)
    .sort((a, b) => (view === 'waiting' ? a.waitingSince - b.waitingSince || byId(a, b) : b.lastMessageAt - a.lastMessageAt || byId(b, a)))
  return sorted.map((row) => row.id)
}

const filters: Partial<ConversationListQuery>[] = [
  {},
  { queueId: 'queue b' },
  { queueId: 'queue c' },
  { assigneeId: 'wei' },
  { contactId: 'contact 2' },
  { channel: 'webchat' },
  { channel: 'email' },
  { queueId: 'queue a', channel: 'line' },
  { contactId: 'contact 1', assigneeId: 'hao' },
]

async function expectViews(rows: readonly Row[], who: Viewer): Promise<void> {
  for (const view of ['mine', 'waiting', 'open', 'resolved'] as const) {
    for (const filter of filters) {
      const given = { view, ...filter, limit: 7 }
      const items = await readAll(who, given)
      expect(
        items.map((item) => item.id),
        JSON.stringify(given),
      ).toEqual(expected(rows, who, given))
    }
  }
}

describe('on PostgreSQL', () => {
  test('every page of every view holds the same', async () => {
    await hub.stop()
    const database = await createDatabase()
    try {
      hub = await startRealtimeHub({ databaseUrl: database.url })
      const rows = await fill(120)
      for (const who of [viewer('all'), viewer('team')]) await expectViews(rows, who)
      await hub.stop()
    } finally {
      await database.drop()
    }
  })
})

describe('every page of every view', () => {
  test.each(['all', 'team', 'own'] as const)('holds what a role that sees %s may see, once, in order', async (visibility) => {
    const rows = await fill(250)
    await expectViews(rows, viewer(visibility))
  })

  test('is found through an index, without sorting or counting the table', async () => {
    await fill(50)
    prepared = []
    const lin = viewer('all', { agentId: 'lin' })
    for (const view of ['mine', 'waiting', 'open', 'resolved'] as const) {
      for (const filter of filters)
        for (const who of [lin, viewer('team')]) await listConversations(hub.ctx, who, query({ view, ...filter }))
    }
    const lists = [...new Set(prepared)].filter((sql) => /from "conversations"/.test(sql) && /order by/i.test(sql))
    expect(lists.length).toBeGreaterThanOrEqual(5)
    expect(prepared.filter((sql) => /count\s*\(|offset/i.test(sql))).toEqual([])
    for (const text of lists) {
      const plan = await explain(text)
      expect(plan, text).toMatch(/USING (COVERING )?INDEX conversations_(open|queue|assignee|contact|waiting)_ix/)
      expect(plan, text).not.toMatch(/SCAN/)
      // Only the few rows of one contact are sorted, and waiting items of one instant.
      if (!plan.includes('conversations_contact_ix')) expect(plan, text).not.toMatch(/USE TEMP B-TREE FOR ORDER BY/)
    }
  })

  async function explain(text: string): Promise<string> {
    const values = Array.from(text.matchAll(/\?/g), () => 1)
    const rows = await hub.ctx.store.maintain((connection) => connection.execute(`explain query plan ${text}`, values))
    return rows.map((row) => row[3]).join('\n')
  }

  test('goes on beyond a filter that matches nearly nothing, in pages of bounded cost', async () => {
    await fill(900)
    // More than one page looks at, so that the next one has to go on from there.
    expect(await readAll(viewer('all'), { channel: 'email', limit: 1 })).toEqual([])
    expect(await readAll(viewer('all'), { channel: 'email', view: 'resolved' })).toEqual([])
  })
})

describe('a cursor', () => {
  test.each([
    '',
    'x',
    'bm9uc2Vuc2U',
    Buffer.from("latest.1.' or 1=1").toString('base64url'),
    Buffer.from('latest.-1.a').toString('base64url'),
  ])('that is none (%s) is refused', async (cursor) => {
    await expect(listConversations(hub.ctx, viewer('all'), query({ cursor }))).rejects.toMatchObject({
      kind: 'invalid_input',
      details: { fields: [{ path: 'cursor' }] },
    })
  })

  test('of another order is refused', async () => {
    await fill(60)
    const { nextCursor } = await listConversations(hub.ctx, viewer('all'), query({ limit: 5 }))
    expect(nextCursor).not.toBeNull()
    await expect(listConversations(hub.ctx, viewer('all'), query({ view: 'waiting', cursor: nextCursor ?? '' }))).rejects.toMatchObject({
      kind: 'invalid_input',
    })
  })

  test('is not needed by who may read nothing', async () => {
    await expect(listConversations(hub.ctx, viewer('all', { permissions: new Set() }), query({}))).rejects.toMatchObject({
      kind: 'forbidden',
    })
  })
})

describe('messages', () => {
  test('come in ascending order, upward and downward, and only to who sees the conversation', async () => {
    const sales = await hub.addQueue('Sales')
    const inbox = await hub.addInbox('Site', sales)
    const mei = await hub.addAgent('Mei', { queueIds: [sales] })
    const wei = await hub.addAgent('Wei')
    let id = ''
    for (let i = 1; i <= 25; i++) id = await hub.receive(inbox, 'ann', `message ${i}`)
    const read = async (given: object) => listMessages(hub.ctx, await mei.viewer(), id, messageListQuerySchema.parse(given))
    const ordinals = async (given: object) => (await read(given)).items.map((m) => m.ordinal)
    const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
    expect(await ordinals({ limit: 10 })).toEqual(range(16, 25))
    expect(await read({ limit: 10 })).toMatchObject({ hasMore: true })
    expect(await ordinals({ before: 16, limit: 10 })).toEqual(range(6, 15))
    expect(await read({ before: 6, limit: 10 })).toMatchObject({ hasMore: false, items: { length: 5 } })
    expect(await ordinals({ after: 20 })).toEqual(range(21, 25))
    expect(await ordinals({ after: 25 })).toEqual([])
    await expect(listMessages(hub.ctx, await wei.viewer(), id, messageListQuerySchema.parse({}))).rejects.toMatchObject({
      kind: 'not_found',
    })
    expect(messageListQuerySchema.safeParse({ before: 3, after: 1 }).success).toBe(false)
    expect(messageListQuerySchema.safeParse({ limit: 101 }).success).toBe(false)
  })
})
