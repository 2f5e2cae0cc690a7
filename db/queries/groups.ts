import { asc, eq } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import type { Store, Tx } from '../store.ts'
import { groupBy } from './by-ids.ts'

export type GroupRow = Tables['groups']['$inferSelect']

/** A group with its members, the members in the order of their ids. */
export interface LoadedGroup extends GroupRow {
  readonly memberIds: string[]
}

/** All groups by name with their members. */
export async function allGroups(on: Store | Tx): Promise<LoadedGroup[]> {
  const { db, t } = on
  const rows = await db.select().from(t.groups).orderBy(asc(t.groups.name))
  const members = groupBy(await db.select().from(t.groupMembers).orderBy(asc(t.groupMembers.agentId)), (row) => row.groupId)
  return rows.map((row) => ({ ...row, memberIds: (members.get(row.id) ?? []).map(({ agentId }) => agentId) }))
}

export async function groupById(on: Store | Tx, id: string): Promise<LoadedGroup | null> {
  const { db, t } = on
  const [row] = await db.select().from(t.groups).where(eq(t.groups.id, id)).limit(1)
  if (row === undefined) return null
  const members = await db.select().from(t.groupMembers).where(eq(t.groupMembers.groupId, id)).orderBy(asc(t.groupMembers.agentId))
  return { ...row, memberIds: members.map(({ agentId }) => agentId) }
}

export async function insertGroup(tx: Tx, row: GroupRow): Promise<void> {
  await tx.db.insert(tx.t.groups).values(row)
}

/** Replaces a group's name and capacity; false when there is none. */
export async function updateGroupRow(tx: Tx, id: string, changes: Pick<GroupRow, 'name' | 'capacity' | 'updatedAt'>): Promise<boolean> {
  const rows = await tx.db.update(tx.t.groups).set(changes).where(eq(tx.t.groups.id, id)).returning({ id: tx.t.groups.id })
  return rows.length > 0
}

/** Removes a group with its memberships; false when there is none. */
export async function deleteGroupRow(tx: Tx, id: string): Promise<boolean> {
  await tx.db.delete(tx.t.groupMembers).where(eq(tx.t.groupMembers.groupId, id))
  const rows = await tx.db.delete(tx.t.groups).where(eq(tx.t.groups.id, id)).returning({ id: tx.t.groups.id })
  return rows.length > 0
}

/** Replaces a group's members. @returns agents whose membership changed. */
export async function replaceGroupMembers(tx: Tx, groupId: string, agentIds: readonly string[]): Promise<string[]> {
  const { groupMembers } = tx.t
  const rows = await tx.db.delete(groupMembers).where(eq(groupMembers.groupId, groupId)).returning({ agentId: groupMembers.agentId })
  const before = new Set(rows.map(({ agentId }) => agentId))
  const after = new Set(agentIds)
  if (after.size > 0) await tx.db.insert(groupMembers).values([...after].map((agentId) => ({ groupId, agentId })))
  return [...new Set([...before, ...after])].filter((id) => before.has(id) !== after.has(id))
}
