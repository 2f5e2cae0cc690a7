import type { InboundAddress } from '../../../channels/contract.ts'
import { type ContactPointRow, insertContact, lockAddress, pointByAddress, setPointBlocked } from '../../../db/queries/contacts.ts'
import type { Tx } from '../../../db/store.ts'
import { type ClaimedAddress, resolveContact as decideContact } from '../../core/identity/resolve-contact.ts'
import { newId } from '../../lib/ids.ts'
import type { ContactPointKind } from '../../wire/contacts.ts'
import { claimPoint } from './claim-point.ts'

/** The contact an address belongs to, and whether it was made just now. */
export interface ResolvedContact {
  readonly contactId: string
  readonly point: ContactPointRow
  readonly created: boolean
}

/** The sign of life that somebody is resolved for. */
export interface Sign {
  /** The provider's time of it, epoch ms. */
  readonly at: number
  /** A language the provider vouches for, BCP 47. */
  readonly locale: string | null
}

const kindLabels: Readonly<Record<ContactPointKind, string>> = {
  phone: 'Tel',
  email: 'Mail',
  line: 'LINE',
  line_group: 'LINE group',
  line_room: 'LINE room',
  visitor: 'Web',
  external: 'ID',
}

/** A name to tell strangers apart by, until the provider or a person gives a better one. */
export function provisionalName(party: InboundAddress): string {
  if (party.displayName !== undefined && party.displayName.trim() !== '') return party.displayName.trim().slice(0, 200)
  if (party.kind === 'phone' || party.kind === 'email') return party.address
  return `${kindLabels[party.kind]} ${party.address.slice(-4)}`
}

/**
 * Finds the contact of an address or makes one; under the address's lock, so that a burst makes one, also over
 * several inboxes and threads.
 * A person who writes is reachable again.
 * @param others what else is proved to be theirs: it leads a new address to the contact that holds it, and is attached.
 */
export async function resolveContact(
  tx: Tx,
  party: InboundAddress,
  sign: Sign,
  now: number,
  others: readonly ClaimedAddress[] = [],
): Promise<ResolvedContact> {
  const { kind, address } = party
  const [seen] = await pointByAddress(tx, { kind, address })
  if (seen === undefined) await lockAddress(tx, kind, address)
  const [found] = seen === undefined && tx.dialect === 'postgres' ? await pointByAddress(tx, { kind, address }) : [seen]
  if (found !== undefined) {
    if (found.blockedAt !== null) await setPointBlocked(tx, found.id, null, sign.at)
    for (const claim of others) await claimPoint(tx, found.contactId, claim, now)
    return { contactId: found.contactId, point: found, created: false }
  }
  const holderId = await holderOf(tx, party, others)
  if (holderId !== null) {
    const claimed = await claimPoint(tx, holderId, { kind, address, verified: party.verified }, now)
    for (const claim of others) await claimPoint(tx, holderId, claim, now)
    if (claimed !== null) return { contactId: holderId, point: claimed, created: false }
  }
  const contactId = newId()
  const point: ContactPointRow = {
    id: newId(),
    contactId,
    kind,
    address,
    displayName: party.displayName ?? null,
    verified: party.verified,
    blockedAt: null,
    reachabilityAt: sign.at,
    profileFetchedAt: null,
    createdAt: now,
  }
  await insertContact(
    tx,
    {
      id: contactId,
      name: provisionalName(party),
      companyId: null,
      locale: sign.locale,
      fields: {},
      avatarUrl: null,
      createdAt: now,
      updatedAt: now,
    },
    point,
  )
  tx.append({
    type: 'contact.created',
    at: now,
    actorType: 'contact',
    actorId: contactId,
    conversationId: null,
    subjectId: contactId,
    data: { kind: party.kind },
  })
  for (const claim of others) await claimPoint(tx, contactId, claim, now)
  return { contactId, point, created: true }
}

/** The contact that the other addresses lead to; null where they are nobody's. */
async function holderOf(tx: Tx, party: InboundAddress, others: readonly ClaimedAddress[]): Promise<string | null> {
  const known: ContactPointRow[] = []
  for (const { kind, address } of others) known.push(...(await pointByAddress(tx, { kind, address })))
  return known.length === 0 ? null : decideContact(party, others, known).contactId
}
