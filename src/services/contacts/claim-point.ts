import { eq } from 'drizzle-orm'
import { type ContactPointRow, lockAddress, pointByAddress } from '../../../db/queries/contacts.ts'
import type { Tx } from '../../../db/store.ts'
import type { ClaimedAddress } from '../../core/identity/resolve-contact.ts'
import { newId } from '../../lib/ids.ts'

/**
 * Gives a contact an address, or proves the one it has. An address that another contact holds stays there: who it belongs to
 * is for a person to decide.
 * @returns the contact's point; null when another contact holds it.
 */
export async function claimPoint(
  tx: Tx,
  contactId: string,
  { kind, address, verified }: ClaimedAddress,
  now: number,
): Promise<ContactPointRow | null> {
  await lockAddress(tx, kind, address)
  const [held] = await pointByAddress(tx, { kind, address })
  if (held !== undefined) {
    if (held.contactId !== contactId) return null
    if (verified && !held.verified) await tx.db.update(tx.t.contactPoints).set({ verified }).where(eq(tx.t.contactPoints.id, held.id))
    return { ...held, verified: held.verified || verified }
  }
  const point: ContactPointRow = {
    id: newId(),
    contactId,
    kind,
    address,
    displayName: null,
    verified,
    blockedAt: null,
    reachabilityAt: now,
    profileFetchedAt: null,
    createdAt: now,
  }
  await tx.db.insert(tx.t.contactPoints).values(point)
  tx.append({
    type: 'contact.changed',
    at: now,
    actorType: 'contact',
    actorId: contactId,
    conversationId: null,
    subjectId: contactId,
    data: { what: 'points' },
  })
  return point
}
