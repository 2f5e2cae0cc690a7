import { and, asc, eq } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import type { Tx } from '../store.ts'

export type QueueRow = Tables['queues']['$inferSelect']

export async function insertQueue(tx: Tx, row: QueueRow): Promise<void> {
  await tx.db.insert(tx.t.queues).values(row)
}

/** Replaces a queue's name, rules and switch; false when there is none. */
export async function updateQueueRow(
  tx: Tx,
  id: string,
  changes: Pick<QueueRow, 'name' | 'settings' | 'enabled' | 'updatedAt'>,
): Promise<boolean> {
  const rows = await tx.db.update(tx.t.queues).set(changes).where(eq(tx.t.queues.id, id)).returning({ id: tx.t.queues.id })
  return rows.length > 0
}

/** Replaces a queue's rules alone. */
export async function updateQueueSettings(tx: Tx, id: string, settings: QueueRow['settings'], updatedAt: number): Promise<void> {
  await tx.db.update(tx.t.queues).set({ settings, updatedAt }).where(eq(tx.t.queues.id, id))
}

/** Removes a queue with its memberships; false when there is none. */
export async function deleteQueueRow(tx: Tx, id: string): Promise<boolean> {
  await tx.db.delete(tx.t.queueMembers).where(eq(tx.t.queueMembers.queueId, id))
  const rows = await tx.db.delete(tx.t.queues).where(eq(tx.t.queues.id, id)).returning({ id: tx.t.queues.id })
  return rows.length > 0
}

/** Replaces a queue's members. @returns agents whose membership changed. */
export async function replaceQueueMembers(tx: Tx, queueId: string, agentIds: readonly string[]): Promise<string[]> {
  const { queueMembers } = tx.t
  const rows = await tx.db.delete(queueMembers).where(eq(queueMembers.queueId, queueId)).returning({ agentId: queueMembers.agentId })
  const before = new Set(rows.map(({ agentId }) => agentId))
  const after = new Set(agentIds)
  if (after.size > 0) await tx.db.insert(queueMembers).values([...after].map((agentId) => ({ queueId, agentId })))
  return [...new Set([...before, ...after])].filter((id) => before.has(id) !== after.has(id))
}

/** What would break without a queue. */
export interface QueueUses {
  /** Names of inboxes whose conversations begin in it; at most 20. */
  readonly inboxes: string[]
  readonly openConversations: boolean
  readonly resolvedConversations: boolean
}

export async function usesOfQueue(tx: Tx, id: string): Promise<QueueUses> {
  const { inboxes, conversations } = tx.t
  const named = await tx.db.select({ name: inboxes.name }).from(inboxes).where(eq(inboxes.queueId, id)).orderBy(asc(inboxes.name)).limit(20)
  const has = async (open: boolean): Promise<boolean> => {
    const [row] = await tx.db
      .select({ id: conversations.id })
      .from(conversations)
      .where(and(eq(conversations.queueId, id), eq(conversations.open, open)))
      .limit(1)
    return row !== undefined
  }
  return { inboxes: named.map(({ name }) => name), openConversations: await has(true), resolvedConversations: await has(false) }
}

/** Conversations that wait in a queue, or are with an agent there; ids by age. */
export async function openInQueue({ db, t: { conversations: c } }: Tx, queueId: string): Promise<{ id: string; status: string }[]> {
  return db
    .select({ id: c.id, status: c.status })
    .from(c)
    .where(and(eq(c.queueId, queueId), eq(c.open, true)))
    .orderBy(asc(c.waitingSince), asc(c.id))
}

/** Points the inboxes of a queue at another. @returns the inboxes. */
export async function repointInboxes(tx: Tx, queueId: string, to: string, updatedAt: number): Promise<string[]> {
  const { inboxes } = tx.t
  const rows = await tx.db.update(inboxes).set({ queueId: to, updatedAt }).where(eq(inboxes.queueId, queueId)).returning({ id: inboxes.id })
  return rows.map(({ id }) => id)
}
