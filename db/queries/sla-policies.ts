import { asc, eq, max } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Store, Tx } from '../store.ts'

export type SlaPolicyRow = Tables['slaPolicies']['$inferSelect']

/** All policies in the order in which they match. */
export async function allSlaPolicies(on: Store | Tx): Promise<SlaPolicyRow[]> {
  return on.db.select().from(on.t.slaPolicies).orderBy(asc(on.t.slaPolicies.position), asc(on.t.slaPolicies.id))
}

export async function slaPolicyById(on: Store | Tx, id: string): Promise<SlaPolicyRow | null> {
  const [row] = await on.db.select().from(on.t.slaPolicies).where(eq(on.t.slaPolicies.id, id)).limit(1)
  return row ?? null
}

export async function insertSlaPolicy(tx: Tx, row: SlaPolicyRow): Promise<void> {
  await tx.db.insert(tx.t.slaPolicies).values(row)
}

/** Changes a policy; false when there is none. */
export async function updateSlaPolicyRow(tx: Tx, id: string, changes: Partial<Omit<SlaPolicyRow, 'id' | 'createdAt'>>): Promise<boolean> {
  const rows = await tx.db.update(tx.t.slaPolicies).set(changes).where(eq(tx.t.slaPolicies.id, id)).returning({ id: tx.t.slaPolicies.id })
  return rows.length > 0
}

/** Removes a policy; false when there is none. */
export async function deleteSlaPolicyRow(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx.db.delete(tx.t.slaPolicies).where(eq(tx.t.slaPolicies.id, id)).returning({ id: tx.t.slaPolicies.id })
  return rows.length > 0
}

/** The position after the last. */
export async function nextPolicyPosition(tx: Tx): Promise<number> {
  const [row] = await tx.db.select({ last: max(tx.t.slaPolicies.position) }).from(tx.t.slaPolicies)
  return (row?.last ?? 0) + 1
}

/** Those in force, in their order. */
export const enabledSlaPolicies = statement<Record<string, never>, SlaPolicyRow>('enabled_sla_policies', ({ db, t }) =>
  db.select().from(t.slaPolicies).where(eq(t.slaPolicies.enabled, true)).orderBy(asc(t.slaPolicies.position), asc(t.slaPolicies.id)),
)
