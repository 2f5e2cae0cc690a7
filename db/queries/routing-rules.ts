import { asc, eq, max } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Store, Tx } from '../store.ts'

export type RoutingRuleRow = Tables['routingRules']['$inferSelect']

/** All rules in the order in which they run. */
export async function allRoutingRules(on: Store | Tx): Promise<RoutingRuleRow[]> {
  return on.db.select().from(on.t.routingRules).orderBy(asc(on.t.routingRules.position), asc(on.t.routingRules.id))
}

export async function routingRuleById(on: Store | Tx, id: string): Promise<RoutingRuleRow | null> {
  const [row] = await on.db.select().from(on.t.routingRules).where(eq(on.t.routingRules.id, id)).limit(1)
  return row ?? null
}

export async function insertRoutingRule(tx: Tx, row: RoutingRuleRow): Promise<void> {
  await tx.db.insert(tx.t.routingRules).values(row)
}

/** Changes a rule; false when there is none. */
export async function updateRoutingRuleRow(
  tx: Tx,
  id: string,
  changes: Partial<Omit<RoutingRuleRow, 'id' | 'createdAt'>>,
): Promise<boolean> {
  const rows = await tx.db
    .update(tx.t.routingRules)
    .set(changes)
    .where(eq(tx.t.routingRules.id, id))
    .returning({ id: tx.t.routingRules.id })
  return rows.length > 0
}

/** Removes a rule; false when there is none. */
export async function deleteRoutingRuleRow(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx.db.delete(tx.t.routingRules).where(eq(tx.t.routingRules.id, id)).returning({ id: tx.t.routingRules.id })
  return rows.length > 0
}

/** The position after the last. */
export async function nextRulePosition(tx: Tx): Promise<number> {
  const [row] = await tx.db.select({ last: max(tx.t.routingRules.position) }).from(tx.t.routingRules)
  return (row?.last ?? 0) + 1
}

/** Those in force, in their order. */
export const enabledRoutingRules = statement<Record<string, never>, RoutingRuleRow>('enabled_routing_rules', ({ db, t }) =>
  db.select().from(t.routingRules).where(eq(t.routingRules.enabled, true)).orderBy(asc(t.routingRules.position), asc(t.routingRules.id)),
)
