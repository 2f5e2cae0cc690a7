import { and, eq, inArray } from 'drizzle-orm'
import type { Tx } from '../../../db/store.ts'

/** Whose record, and which addresses of it go. */
export interface ContactErasure {
  readonly contactId: string
  readonly visitorId: string
  /** The visitor's address as a user of their site; null while they were anonymous. */
  readonly externalId: string | null
  /** Epoch ms. */
  readonly now: number
}

/** The name of a record without a person. */
const erasedName = '—'

/**
 * Takes a visitor out of the customer record. A record that is known by another address as well stays that person's: it only
 * loses the visitor's addresses. Addresses are emptied rather than deleted, for the conversations still point to them.
 */
export async function eraseContact(tx: Tx, { contactId, visitorId, externalId, now }: ContactErasure): Promise<void> {
  const { contacts, contactPoints: p, contactNotes, consents } = tx.t
  const points = await tx.db.select().from(p).where(eq(p.contactId, contactId))
  const theirs = points.filter(
    ({ kind, address }) => (kind === 'visitor' && address === visitorId) || (kind === 'external' && address === externalId),
  )
  for (const point of theirs) {
    await tx.db
      .update(p)
      .set({ address: `erased:${point.id}`, displayName: null, verified: false, blockedAt: now, reachabilityAt: now })
      .where(eq(p.id, point.id))
  }
  // A verified mail address of their site's account is theirs as well; one with a past of its own is another channel's.
  const others = points.filter((point) => !theirs.includes(point) && !point.address.startsWith('erased:'))
  const written = await writtenFrom(
    tx,
    others.map(({ id }) => id),
  )
  if (others.some(({ id, kind }) => kind !== 'email' || written.has(id))) return appendErased(tx, contactId, 'points', now)
  for (const { id } of others) await tx.db.delete(p).where(eq(p.id, id))
  await tx.db.delete(contactNotes).where(eq(contactNotes.contactId, contactId))
  await tx.db.delete(consents).where(eq(consents.contactId, contactId))
  await tx.db
    .update(contacts)
    .set({ name: erasedName, companyId: null, fields: {}, avatarUrl: null, locale: null, updatedAt: now })
    .where(eq(contacts.id, contactId))
  appendErased(tx, contactId, 'erased', now)
}

function appendErased(tx: Tx, contactId: string, what: 'points' | 'erased', now: number): void {
  tx.append({
    type: 'contact.changed',
    at: now,
    actorType: 'system',
    actorId: 'erasure',
    conversationId: null,
    subjectId: contactId,
    data: { what },
  })
}

/** Points that a conversation was begun from. */
async function writtenFrom(tx: Tx, pointIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (pointIds.length === 0) return new Set()
  const { conversations: c } = tx.t
  const rows = await tx.db
    .selectDistinct({ id: c.contactPointId })
    .from(c)
    .where(and(inArray(c.contactPointId, [...pointIds])))
  return new Set(rows.map(({ id }) => id))
}
