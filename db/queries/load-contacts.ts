import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Store, Tx } from '../store.ts'
import { bind } from './bind.ts'
import { byIds, groupBy } from './by-ids.ts'

type ContactRow = Tables['contacts']['$inferSelect']
type PointRow = Tables['contactPoints']['$inferSelect']

/** A contact with company and points. */
export interface LoadedContact extends ContactRow {
  readonly companyName: string | null
  readonly points: readonly PointRow[]
}

const contactRows = byIds<ContactRow & { companyName: string | null }>('load_contacts', ({ db, t: { contacts: c, companies } }, ids) =>
  db
    .select({
      id: c.id,
      name: c.name,
      companyId: c.companyId,
      locale: c.locale,
      fields: c.fields,
      avatarUrl: c.avatarUrl,
      createdAt: c.createdAt,
      updatedAt: c.updatedAt,
      companyName: companies.name,
    })
    .from(c)
    .leftJoin(companies, eq(companies.id, c.companyId))
    .where(inArray(c.id, ids)),
)

const pointsOf = byIds<PointRow>('load_contact_points', ({ db, t }, ids) =>
  db.select().from(t.contactPoints).where(inArray(t.contactPoints.contactId, ids)).orderBy(asc(t.contactPoints.id)),
)

/** Contacts by id, their points in the order of their making. */
export async function loadContacts(on: Store | Tx, ids: Iterable<string>): Promise<LoadedContact[]> {
  const unique = [...new Set(ids)]
  const points = groupBy(await pointsOf(on, unique), (p) => p.contactId)
  const rows = await contactRows(on, unique)
  return rows.map((row) => ({ ...row, points: points.get(row.id) ?? [] }))
}

/** The newest conversations of a contact that are open (or resolved). */
export const conversationIdsOfContact = statement<{ contactId: string; open: boolean; limit: number }, { id: string }>(
  'conversation_ids_of_contact',
  ({ db, t: { conversations: c } }) =>
    db
      .select({ id: c.id })
      .from(c)
      .where(and(eq(c.contactId, sql.placeholder('contactId')), eq(c.open, bind(c.open, 'open'))))
      .orderBy(desc(c.id))
      .limit(sql.placeholder('limit')),
)
