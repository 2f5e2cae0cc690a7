import { and, eq, inArray } from 'drizzle-orm'
import { lockAddress, lockSender, setPointBlocked } from '../../../db/queries/contacts.ts'
import { conversationsOfThread } from '../../../db/queries/visitors.ts'
import type { Tx } from '../../../db/store.ts'
import type { Actor } from '../../wire/words.ts'
import { claimPoint } from '../contacts/claim-point.ts'
import { resolveContact } from '../contacts/resolve-contact.ts'
import type { OpenInbox } from '../context.ts'
import { appendLine } from '../conversations/append-message.ts'
import type { ProvenUser } from './check-proof.ts'

/** An anonymous visitor who turned out to be a user. */
export interface Joining {
  /** The anonymous visitor's id. */
  readonly from: string
  /** The user's. */
  readonly to: string
  readonly externalId: string
  readonly user: ProvenUser
  readonly now: number
}

/**
 * Moves what an anonymous browser wrote into the thread of the user it turned out to be. Where both have a conversation going,
 * the anonymous one stays with its agent, who is told, and cannot be answered any more: the browser goes on in the user's.
 */
export async function joinThreads(tx: Tx, inbox: OpenInbox, joining: Joining): Promise<void> {
  const { from, to, now } = joining
  for (const key of [from, to].toSorted((a, b) => (a < b ? -1 : 1))) await lockSender(tx, inbox.id, key)
  const anonymous = await conversationsOfThread(tx, inbox.id, from)
  const [newest] = anonymous.slice(-1)
  if (newest === undefined) return
  const taken = (await conversationsOfThread(tx, inbox.id, to)).some(({ status }) => status !== 'resolved')
  const point = await userPoint(tx, joining, newest.contactId)
  const moving = anonymous.filter(({ status }) => status === 'resolved' || !taken)
  const { conversations } = tx.t
  if (moving.length > 0) {
    await tx.db
      .update(conversations)
      .set({ threadKey: to, contactId: point.contactId, contactPointId: point.id, updatedAt: now })
      .where(
        and(
          eq(conversations.threadKey, from),
          inArray(
            conversations.id,
            moving.map(({ id }) => id),
          ),
        ),
      )
  }
  const actor: Actor = { type: 'contact', id: point.contactId }
  for (const row of moving) {
    const { queueId, inboxId, assigneeId, offeredTo } = row
    tx.append({
      type: 'conversation.changed',
      at: now,
      actorType: actor.type,
      actorId: actor.id,
      conversationId: row.id,
      subjectId: row.id,
      data: { what: 'contact', before: { queueId, inboxId, assigneeId, offeredTo } },
    })
    if (row.status !== 'resolved') await appendLine(tx, row, actor, now, 'visitor.identified')
  }
  for (const row of anonymous) {
    if (moving.includes(row)) continue
    await setPointBlocked(tx, row.contactPointId, now, now)
    await appendLine(tx, row, actor, now, 'visitor.moved')
  }
}

/** The point the user writes from: with the contact that is known by their id, or else the one the browser had. */
async function userPoint(tx: Tx, { to, externalId, user, now }: Joining, anonymousContactId: string) {
  await lockAddress(tx, 'external', externalId)
  const { contactPoints: p } = tx.t
  const [known] = await tx.db
    .select()
    .from(p)
    .where(and(eq(p.kind, 'external'), eq(p.address, externalId)))
  if (known === undefined) await claimPoint(tx, anonymousContactId, { kind: 'external', address: externalId, verified: true }, now)
  const others = [{ kind: 'external', address: externalId, verified: true } as const]
  const email = user.email !== undefined && user.emailVerified ? [{ kind: 'email', address: user.email, verified: true } as const] : []
  const { point } = await resolveContact(
    tx,
    { kind: 'visitor', address: to, verified: true, ...(user.name === undefined ? {} : { displayName: user.name }) },
    { at: now, locale: null },
    now,
    [...others, ...email],
  )
  return point
}
