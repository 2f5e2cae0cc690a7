import type { ContactPointKind } from '../../wire/contacts.ts'

/** An address somebody reached us by, or says is theirs. */
export interface ClaimedAddress {
  readonly kind: ContactPointKind
  /** Normalised. */
  readonly address: string
  /** Proven to be theirs (see `isVerifiedBy`), not merely claimed. */
  readonly verified: boolean
}

/** A stored contact point. */
export interface KnownPoint extends ClaimedAddress {
  readonly id: string
  /** UUIDv7: of two contacts the older has the smaller id. */
  readonly contactId: string
}

/** Two contacts that are one person, with the address that proves it. The older stays. */
export interface ContactMerge {
  readonly fromContactId: string
  readonly intoContactId: string
  readonly evidence: ClaimedAddress
}

/** Perhaps the same person: for an agent to decide, nothing is joined or shown to the customer. */
export interface ContactSuggestion {
  readonly contactId: string
  readonly because: ClaimedAddress
}

/** Who it is and what to write. */
export interface ContactResolution {
  /** The contact, after the merges; null = create one. */
  readonly contactId: string | null
  /** Addresses to store as the contact's points. */
  readonly attach: readonly ClaimedAddress[]
  /** Stored points that are proven from now on. */
  readonly verifyPointIds: readonly string[]
  readonly merges: readonly ContactMerge[]
  readonly suggestions: readonly ContactSuggestion[]
  /** Claims without proof that nobody holds: kept with the conversation, never as a contact point. */
  readonly unproven: readonly ClaimedAddress[]
  /** Another verified person on the same device: end this visitor's session, give out a new visitor id, carry nothing over. */
  readonly startsOver: boolean
}

/**
 * Decides whose contact an inbound item belongs to.
 *
 * The address they reached us by leads to the contact that holds it. Other addresses lead to a
 * contact, or join two, only when both the claim and the stored point are verified; all else is a
 * suggestion. A typed e-mail address therefore never opens anybody's history, and never takes an
 * address that its owner may one day write from.
 * @param reachedBy how they reached us.
 * @param others what else is known of them now.
 * @param known stored points of any of these addresses, with all points of the contacts that hold them.
 */
export function resolveContact(
  reachedBy: ClaimedAddress,
  others: readonly ClaimedAddress[],
  known: readonly KnownPoint[],
): ContactResolution {
  const startsOver = isAnotherPerson(reachedBy, others, known)
  const holder = startsOver ? undefined : pointOf(reachedBy, known)
  const proofs = startsOver || holder === undefined || (reachedBy.verified && holder.verified) ? provenHits(others, known) : []
  const contactIds = [...new Set([...(holder ? [holder.contactId] : []), ...proofs.map(({ point }) => point.contactId)])].sort()
  const contactId = contactIds[0] ?? null
  const claims = startsOver ? others : [reachedBy, ...others]
  return {
    contactId,
    attach: unique(claims.filter((claim) => (claim === reachedBy || claim.verified) && pointOf(claim, known) === undefined)),
    verifyPointIds: claims.flatMap((claim) => newlyProven(claim, contactIds, known)),
    merges: contactId === null ? [] : mergesInto(contactId, contactIds, proofs, reachedBy),
    suggestions: suggestionsFrom(claims, contactIds, known),
    unproven: unique(claims.filter((claim) => claim !== reachedBy && !claim.verified && pointOf(claim, known) === undefined)),
    startsOver,
  }
}

interface ProvenHit {
  readonly claim: ClaimedAddress
  readonly point: KnownPoint
}

function pointOf(claim: ClaimedAddress, known: readonly KnownPoint[]): KnownPoint | undefined {
  return known.find((point) => isSame(point, claim))
}

function isSame(a: ClaimedAddress, b: ClaimedAddress): boolean {
  return a.kind === b.kind && a.address === b.address
}

function unique(claims: readonly ClaimedAddress[]): readonly ClaimedAddress[] {
  return claims.filter((claim, at) => claims.findIndex((other) => isSame(other, claim)) === at)
}

function provenHits(claims: readonly ClaimedAddress[], known: readonly KnownPoint[]): readonly ProvenHit[] {
  return claims.flatMap((claim) => {
    const point = claim.verified ? pointOf(claim, known) : undefined
    return point?.verified === true ? [{ claim, point }] : []
  })
}

/** A signed id other than the one this visitor's contact has: a shared computer. */
function isAnotherPerson(reachedBy: ClaimedAddress, others: readonly ClaimedAddress[], known: readonly KnownPoint[]): boolean {
  const holder = reachedBy.kind === 'visitor' ? pointOf(reachedBy, known) : undefined
  if (holder === undefined) return false
  const signedIds = others.filter((claim) => claim.kind === 'external' && claim.verified)
  const held = known.filter((point) => point.contactId === holder.contactId && point.kind === 'external' && point.verified)
  return signedIds.some((claim) => held.length > 0 && !held.some((point) => isSame(point, claim)))
}

function newlyProven(claim: ClaimedAddress, contactIds: readonly string[], known: readonly KnownPoint[]): readonly string[] {
  const point = pointOf(claim, known)
  return point !== undefined && claim.verified && !point.verified && contactIds.includes(point.contactId) ? [point.id] : []
}

function mergesInto(
  contactId: string,
  contactIds: readonly string[],
  proofs: readonly ProvenHit[],
  reachedBy: ClaimedAddress,
): readonly ContactMerge[] {
  const proofOf = (id: string): ClaimedAddress | undefined => proofs.find(({ point }) => point.contactId === id)?.claim
  return contactIds
    .filter((id) => id !== contactId)
    .map((id) => ({
      fromContactId: id,
      intoContactId: contactId,
      evidence: proofOf(id) ?? proofOf(contactId) ?? reachedBy,
    }))
}

function suggestionsFrom(
  claims: readonly ClaimedAddress[],
  contactIds: readonly string[],
  known: readonly KnownPoint[],
): readonly ContactSuggestion[] {
  const suggestions = new Map<string, ContactSuggestion>()
  for (const claim of claims) {
    const point = pointOf(claim, known)
    if (point === undefined || contactIds.includes(point.contactId) || suggestions.has(point.contactId)) continue
    suggestions.set(point.contactId, { contactId: point.contactId, because: claim })
  }
  return [...suggestions.values()]
}
