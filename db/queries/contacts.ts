import { and, eq, isNull, lte, or, sql } from 'drizzle-orm'
import type { ContactPointKind } from '../../src/wire/contacts.ts'
import type { Tables } from '../schema/index.ts'
import { everyColumn, statement } from '../statement.ts'
import type { Tx } from '../store.ts'

export type ContactRow = Tables['contacts']['$inferSelect']
export type ContactPointRow = Tables['contactPoints']['$inferSelect']

/** The contact point at an address. */
export const pointByAddress = statement<{ kind: ContactPointKind; address: string }, ContactPointRow>('point_by_address', ({ db, t }) =>
  db
    .select()
    .from(t.contactPoints)
    .where(and(eq(t.contactPoints.kind, sql.placeholder('kind')), eq(t.contactPoints.address, sql.placeholder('address'))))
    .limit(1),
)

/** All points of a contact. */
export const pointsOfContact = statement<{ contactId: string }, Pick<ContactPointRow, 'kind' | 'address'>>(
  'points_of_contact',
  ({ db, t }) =>
    db
      .select({ kind: t.contactPoints.kind, address: t.contactPoints.address })
      .from(t.contactPoints)
      .where(eq(t.contactPoints.contactId, sql.placeholder('contactId')))
      .limit(100),
)

export const pointById = statement<{ id: string }, ContactPointRow>('point_by_id', ({ db, t }) =>
  db
    .select()
    .from(t.contactPoints)
    .where(eq(t.contactPoints.id, sql.placeholder('id')))
    .limit(1),
)

const insertContactRow = statement<ContactRow & Record<string, unknown>, never>('insert_contact', ({ db, t }) =>
  db.insert(t.contacts).values(everyColumn(t.contacts)),
)

const insertPointRow = statement<ContactPointRow & Record<string, unknown>, never>('insert_contact_point', ({ db, t }) =>
  db.insert(t.contactPoints).values(everyColumn(t.contactPoints)),
)

/** What conditions look at of a contact. */
export const contactTraits = statement<{ id: string }, Pick<ContactRow, 'fields' | 'locale'>>('contact_traits', ({ db, t }) =>
  db
    .select({ fields: t.contacts.fields, locale: t.contacts.locale })
    .from(t.contacts)
    .where(eq(t.contacts.id, sql.placeholder('id')))
    .limit(1),
)

/** Adds a contact with its first point. Fails on a point that exists. */
export async function insertContact(tx: Tx, contact: ContactRow, point: ContactPointRow): Promise<void> {
  await insertContactRow(tx, contact)
  await insertPointRow(tx, point)
}

/**
 * Notes that an address takes our messages again (`null`) or no longer (`blockedAt`), unless something newer is known.
 * @param heardAt the provider's time of the sign, epoch ms.
 * @returns false when something newer is known.
 */
export async function setPointBlocked(tx: Tx, pointId: string, blockedAt: number | null, heardAt: number): Promise<boolean> {
  const { contactPoints: p } = tx.t
  const rows = await tx.db
    .update(p)
    .set({ blockedAt, reachabilityAt: heardAt })
    .where(and(eq(p.id, pointId), or(isNull(p.reachabilityAt), lte(p.reachabilityAt, heardAt))))
    .returning({ id: p.id })
  return rows.length === 1
}

const lockText = statement<{ key: string }, { locked: unknown }>('lock_text', ({ db }) =>
  db.select({ locked: sql`pg_advisory_xact_lock(hashtextextended(${sql.placeholder('key')}, 0))` }).from(sql`(select 1) as one`),
)

/**
 * Makes everybody who asks for the same sender wait until this transaction ends, so that a burst of
 * first messages makes one contact and one conversation. SQLite's writers take turns anyway.
 */
export async function lockSender(tx: Tx, inboxId: string, threadKey: string): Promise<void> {
  if (tx.dialect === 'postgres') await lockText(tx, { key: `sender:${inboxId}:${threadKey}` })
}

/** The same for everybody who asks for the same address, whichever inbox or thread it shows up in. */
export async function lockAddress(tx: Tx, kind: ContactPointKind, address: string): Promise<void> {
  if (tx.dialect === 'postgres') await lockText(tx, { key: `address:${kind}:${address}` })
}
