import { eq } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import type { Store, Tx } from '../store.ts'

export type InboxRow = Tables['inboxes']['$inferSelect']

export async function inboxRowById(on: Store | Tx, id: string): Promise<InboxRow | null> {
  const [row] = await on.db.select().from(on.t.inboxes).where(eq(on.t.inboxes.id, id)).limit(1)
  return row ?? null
}

export async function insertInbox(tx: Tx, row: InboxRow): Promise<void> {
  await tx.db.insert(tx.t.inboxes).values(row)
}

export async function updateInboxRow(tx: Tx, id: string, changes: Partial<Omit<InboxRow, 'id' | 'channel'>>): Promise<void> {
  await tx.db.update(tx.t.inboxes).set(changes).where(eq(tx.t.inboxes.id, id))
}

/** Replaces the members a restricted inbox is shown to. */
export async function replaceInboxMembers(tx: Tx, inboxId: string, agentIds: readonly string[]): Promise<void> {
  await tx.db.delete(tx.t.inboxMembers).where(eq(tx.t.inboxMembers.inboxId, inboxId))
  const unique = [...new Set(agentIds)]
  if (unique.length > 0) await tx.db.insert(tx.t.inboxMembers).values(unique.map((agentId) => ({ inboxId, agentId })))
}

export async function inboxMemberIds(on: Store | Tx, inboxId: string): Promise<string[]> {
  const { inboxMembers } = on.t
  const rows = await on.db.select({ agentId: inboxMembers.agentId }).from(inboxMembers).where(eq(inboxMembers.inboxId, inboxId))
  return rows.map(({ agentId }) => agentId).toSorted()
}

/** Whether anything ever came in through an inbox. */
export async function inboxWasUsed(tx: Tx, id: string): Promise<boolean> {
  const { conversations, deliveries } = tx.t
  const [conversation] = await tx.db.select({ id: conversations.id }).from(conversations).where(eq(conversations.inboxId, id)).limit(1)
  if (conversation !== undefined) return true
  const [delivery] = await tx.db.select({ id: deliveries.id }).from(deliveries).where(eq(deliveries.inboxId, id)).limit(1)
  return delivery !== undefined
}

/** Removes an inbox with its memberships. Fails once conversations are in it. */
export async function deleteInboxRow(tx: Tx, id: string): Promise<void> {
  await tx.db.delete(tx.t.inboxMembers).where(eq(tx.t.inboxMembers.inboxId, id))
  await tx.db.delete(tx.t.inboxes).where(eq(tx.t.inboxes.id, id))
}
