import { putVisitor, type VisitorRow, visitorById } from '../../../db/queries/visitors.ts'
import type { Tx } from '../../../db/store.ts'
import type { VisitorProfile } from '../../wire/visitor-profile.ts'

/** What may change of a visitor's record; the profile is joined with what is there. */
export interface VisitorChanges {
  readonly externalId?: string | null
  readonly profile?: VisitorProfile
  readonly validFrom?: number
  readonly erasedAt?: number
}

/**
 * Changes what is known of a visitor, making the record where there is none.
 * @returns the record as it stands.
 */
export async function changeVisitor(
  tx: Tx,
  { visitorId, inboxId }: { readonly visitorId: string; readonly inboxId: string },
  changes: VisitorChanges,
  now: number,
): Promise<VisitorRow> {
  const [known] = await visitorById(tx, { id: visitorId })
  const before = known ?? {
    id: visitorId,
    inboxId,
    externalId: null,
    profile: {},
    validFrom: 0,
    erasedAt: null,
    createdAt: now,
    updatedAt: now,
  }
  const row: VisitorRow = { ...before, ...changes, profile: { ...before.profile, ...changes.profile }, updatedAt: now }
  await putVisitor(tx, row)
  return row
}

/** Tells the nodes that a visitor's sockets must prove themselves again. */
export function appendVisitorEnded(tx: Tx, visitorId: string, what: 'identified' | 'logged_out' | 'erased', now: number): void {
  tx.append({
    type: 'visitor.ended',
    at: now,
    actorType: 'contact',
    actorId: null,
    conversationId: null,
    subjectId: visitorId,
    data: { what },
  })
}
