import { and, eq, ne } from 'drizzle-orm'
import { type ContactPointRow, pointByAddress } from '../../../db/queries/contacts.ts'
import { newestOfThread } from '../../../db/queries/conversations.ts'
import type { Tx } from '../../../db/store.ts'
import { claimPoint } from '../contacts/claim-point.ts'
import type { OpenInbox } from '../context.ts'
import { appendLine } from '../conversations/append-message.ts'

/** Who has proved to be whom. */
export interface Proof {
  readonly inbox: OpenInbox
  /** The point on whose side the proof came. */
  readonly point: ContactPointRow
  /** The company's own number of the customer. */
  readonly accountId: string
  readonly threadKey: string
}

/**
 * Joins a proven account of the company to the contact behind a point. Where another contact holds the account, the point
 * and its conversations move there, if they are all that the other record has; a fuller one is left for a person to merge.
 */
export async function joinIdentity(tx: Tx, { inbox, point, accountId, threadKey }: Proof, now: number): Promise<void> {
  const claimed = await claimPoint(tx, point.contactId, { kind: 'external', address: accountId, verified: true }, now)
  const [held] = claimed === null ? await pointByAddress(tx, { kind: 'external', address: accountId }) : []
  const joined = claimed !== null || (held !== undefined && (await movePoint(tx, point, held.contactId, now)))
  const [newest] = await newestOfThread(tx, { inboxId: inbox.id, threadKey })
  if (newest === undefined || newest.status === 'resolved') return
  const actor = { type: 'contact', id: joined && held !== undefined ? held.contactId : point.contactId } as const
  await appendLine(tx, newest, actor, now, joined ? 'contact.linked' : 'contact.link_elsewhere', { account: accountId })
}

/** Moves a point with its conversations to another contact, where it is the only thing that its own contact has. */
async function movePoint(tx: Tx, point: ContactPointRow, contactId: string, now: number): Promise<boolean> {
  const { contactPoints, contactNotes, conversations } = tx.t
  const former = point.contactId
  const others = await tx.db
    .select({ id: contactPoints.id })
    .from(contactPoints)
    .where(and(eq(contactPoints.contactId, former), ne(contactPoints.id, point.id)))
    .limit(1)
  const notes = await tx.db.select({ id: contactNotes.id }).from(contactNotes).where(eq(contactNotes.contactId, former)).limit(1)
  if (others.length > 0 || notes.length > 0) return false
  await tx.db.update(contactPoints).set({ contactId, verified: true }).where(eq(contactPoints.id, point.id))
  await tx.db.update(conversations).set({ contactId }).where(eq(conversations.contactId, former))
  for (const subjectId of [former, contactId]) {
    tx.append({
      type: 'contact.changed',
      at: now,
      actorType: 'contact',
      actorId: contactId,
      conversationId: null,
      subjectId,
      data: { what: 'points', movedPoint: point.id, from: former, to: contactId },
    })
  }
  return true
}
