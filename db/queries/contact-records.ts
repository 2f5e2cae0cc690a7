import { type AnyColumn, and, asc, desc, eq, lt, not, type SQL, sql } from 'drizzle-orm'
import { beginsWith, beginsWithAfter, folded } from '../portable.ts'
import type { Tables } from '../schema/index.ts'
import type { Dialect, Store, Tx } from '../store.ts'

type ContactRow = Tables['contacts']['$inferSelect']

/** A contact found, and its place in the list it was found in. */
export interface ContactKey {
  readonly id: string
  /** Folded name or address. */
  readonly at: string
  /** Breaks ties: the contact's id in a list by name, the point's in one by address. */
  readonly tie: string
}

/** Contacts whose name begins with `prefix`, by name, after a place. */
export async function contactsByName(
  store: Store,
  prefix: string,
  after: Omit<ContactKey, 'id'> | null,
  limit: number,
): Promise<ContactKey[]> {
  const { contacts } = store.t
  const name = folded(store.dialect, contacts.name)
  return store.db
    .select({ id: contacts.id, at: name, tie: contacts.id })
    .from(contacts)
    .where(found(store.dialect, contacts.name, contacts.id, prefix, after))
    .orderBy(asc(name), asc(contacts.id))
    .limit(limit)
}

/** Contacts with an address that begins with `prefix`, by address, after a place; without those `contactsByName` finds. */
export async function contactsByAddress(
  store: Store,
  prefix: string,
  after: Omit<ContactKey, 'id'> | null,
  limit: number,
): Promise<ContactKey[]> {
  const { contacts, contactPoints } = store.t
  const address = folded(store.dialect, contactPoints.address)
  return store.db
    .select({ id: contactPoints.contactId, at: address, tie: contactPoints.id })
    .from(contactPoints)
    .innerJoin(contacts, eq(contacts.id, contactPoints.contactId))
    .where(
      and(
        found(store.dialect, contactPoints.address, contactPoints.id, prefix, after),
        not(sql`(${beginsWith(store.dialect, contacts.name, prefix)})`),
      ),
    )
    .orderBy(asc(address), asc(contactPoints.id))
    .limit(limit)
}

function found(dialect: Dialect, column: AnyColumn, id: AnyColumn, prefix: string, after: Omit<ContactKey, 'id'> | null): SQL {
  return after === null ? beginsWith(dialect, column, prefix) : beginsWithAfter(dialect, column, id, prefix, after)
}

/** Contacts by their newest change, before a place. */
export async function contactsByChange(
  store: Store,
  before: { at: number; id: string } | null,
  limit: number,
): Promise<{ id: string; at: number }[]> {
  const { contacts } = store.t
  const older = before === null ? undefined : sql`(${contacts.updatedAt}, ${contacts.id}) < (${before.at}, ${before.id})`
  return store.db
    .select({ id: contacts.id, at: contacts.updatedAt })
    .from(contacts)
    .where(older)
    .orderBy(desc(contacts.updatedAt), desc(contacts.id))
    .limit(limit)
}

/** Changes a contact; false when there is none. */
export async function updateContactRow(tx: Tx, id: string, changes: Partial<Omit<ContactRow, 'id'>>): Promise<boolean> {
  const rows = await tx.db.update(tx.t.contacts).set(changes).where(eq(tx.t.contacts.id, id)).returning({ id: tx.t.contacts.id })
  return rows.length > 0
}

export async function contactExists(on: Store | Tx, id: string): Promise<boolean> {
  const [row] = await on.db.select({ id: on.t.contacts.id }).from(on.t.contacts).where(eq(on.t.contacts.id, id)).limit(1)
  return row !== undefined
}

/** The oldest company of exactly this name. */
export async function companyIdByName(tx: Tx, name: string): Promise<string | null> {
  const { companies } = tx.t
  const [row] = await tx.db.select({ id: companies.id }).from(companies).where(eq(companies.name, name)).orderBy(asc(companies.id)).limit(1)
  return row?.id ?? null
}

export async function insertCompany(tx: Tx, row: Tables['companies']['$inferSelect']): Promise<void> {
  await tx.db.insert(tx.t.companies).values(row)
}

/** A note with its author's name. */
export interface LoadedNote {
  readonly id: string
  readonly contactId: string
  readonly authorId: string
  readonly authorName: string | null
  readonly text: string
  readonly createdAt: number
}

/** Notes about a contact, newest first, before a note. */
export async function notesOfContact(on: Store | Tx, contactId: string, beforeId: string | null, limit: number): Promise<LoadedNote[]> {
  const { contactNotes: n, agents } = on.t
  return on.db
    .select({ id: n.id, contactId: n.contactId, authorId: n.authorId, authorName: agents.name, text: n.text, createdAt: n.createdAt })
    .from(n)
    .leftJoin(agents, eq(agents.id, n.authorId))
    .where(beforeId === null ? eq(n.contactId, contactId) : and(eq(n.contactId, contactId), lt(n.id, beforeId)))
    .orderBy(desc(n.id))
    .limit(limit)
}

export async function insertNote(tx: Tx, row: Tables['contactNotes']['$inferSelect']): Promise<void> {
  await tx.db.insert(tx.t.contactNotes).values(row)
}
