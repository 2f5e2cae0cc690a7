import { and, asc, eq, gt, gte, inArray, lt, type SQL } from 'drizzle-orm'
import type { Store } from '../../../db/store.ts'

/** Which rows: by the instant of their making, epoch ms, `to` excluded; of one contact or of all. */
export interface ExportRange {
  readonly from: number | null
  readonly to: number | null
  readonly contactId: string | null
}

const pageSize = 500

/** What can be exported, as rows oldest first. */
export const exportable = { contacts, conversations, messages } as const

/** Whether there is such an export. */
export function isExportable(what: string): what is keyof typeof exportable {
  return Object.hasOwn(exportable, what)
}

/** Reads by id, which is the order of making, a page at a time. */
async function* paged<R extends { id: string }>(read: (after: string) => Promise<R[]>): AsyncGenerator<R> {
  for (let after = ''; ; ) {
    const page = await read(after)
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) return
    after = last.id
  }
}

async function* contacts(store: Store, { from, to, contactId }: ExportRange): AsyncGenerator<object> {
  const { contacts: c, contactPoints: p } = store.t
  const pages = paged((after) =>
    store.db
      .select({ id: c.id, name: c.name, locale: c.locale, fields: c.fields, createdAt: c.createdAt, updatedAt: c.updatedAt })
      .from(c)
      .where(and(gt(c.id, after), madeWithin(c.createdAt, from, to), contactId === null ? undefined : eq(c.id, contactId)))
      .orderBy(asc(c.id))
      .limit(pageSize),
  )
  for await (const contact of pages) {
    const points = await store.db
      .select({ kind: p.kind, address: p.address, verified: p.verified })
      .from(p)
      .where(eq(p.contactId, contact.id))
      .orderBy(asc(p.id))
    yield { ...contact, points, ...stamps(contact) }
  }
}

async function* conversations(store: Store, { from, to, contactId }: ExportRange): AsyncGenerator<object> {
  const { conversations: c } = store.t
  const pages = paged((after) =>
    store.db
      .select({
        id: c.id,
        contactId: c.contactId,
        channel: c.channel,
        inboxId: c.inboxId,
        queueId: c.queueId,
        status: c.status,
        assigneeId: c.assigneeId,
        priority: c.priority,
        tags: c.tags,
        disposition: c.disposition,
        createdAt: c.createdAt,
        assignedAt: c.assignedAt,
        firstResponseAt: c.firstResponseAt,
        resolvedAt: c.resolvedAt,
      })
      .from(c)
      .where(and(gt(c.id, after), madeWithin(c.createdAt, from, to), contactId === null ? undefined : eq(c.contactId, contactId)))
      .orderBy(asc(c.id))
      .limit(pageSize),
  )
  for await (const row of pages) yield { ...row, ...stamps(row) }
}

async function* messages(store: Store, { from, to, contactId }: ExportRange): AsyncGenerator<object> {
  const { messages: m, conversations: c } = store.t
  const own =
    contactId === null ? undefined : inArray(m.conversationId, store.db.select({ id: c.id }).from(c).where(eq(c.contactId, contactId)))
  const pages = paged((after) =>
    store.db
      .select({
        id: m.id,
        conversationId: m.conversationId,
        ordinal: m.ordinal,
        direction: m.direction,
        authorType: m.authorType,
        authorId: m.authorId,
        parts: m.parts,
        delivery: m.delivery,
        unsentAt: m.unsentAt,
        occurredAt: m.occurredAt,
      })
      .from(m)
      .where(and(gt(m.id, after), madeWithin(m.createdAt, from, to), own))
      .orderBy(asc(m.id))
      .limit(pageSize),
  )
  for await (const row of pages) yield { ...row, parts: row.unsentAt === null ? row.parts : [], ...stamps(row) }
}

function madeWithin(column: Parameters<typeof gte>[0], from: number | null, to: number | null): SQL | undefined {
  return and(from === null ? undefined : gte(column, from), to === null ? undefined : lt(column, to))
}

/** Instants as people and spreadsheets read them: every field that ends in `At`, as ISO 8601 in UTC. */
function stamps(row: Readonly<Record<string, unknown>>): Record<string, string> {
  const found = Object.entries(row).flatMap(([name, value]) =>
    name.endsWith('At') && typeof value === 'number' ? [[name, new Date(value).toISOString()] as const] : [],
  )
  return Object.fromEntries(found)
}
