import { asc, eq, gt, sql } from 'drizzle-orm'
import type { Store, Tx } from '../store.ts'
import type { AgentRow } from './accounts.ts'

/** Adds an agent, offline. Fails on an address that is taken. */
export async function insertAgent(tx: Tx, row: AgentRow): Promise<void> {
  await tx.db.insert(tx.t.agents).values(row)
  await tx.db.insert(tx.t.agentStates).values({
    agentId: row.id,
    state: 'offline',
    reason: null,
    since: row.createdAt,
    leaseUntil: null,
    absentSince: null,
    idleSince: row.createdAt,
    missedOffers: 0,
  })
}

/** Replaces an agent's skills. */
export async function replaceAgentSkills(tx: Tx, agentId: string, skills: readonly { skillId: string; level: number }[]): Promise<void> {
  await tx.db.delete(tx.t.agentSkills).where(eq(tx.t.agentSkills.agentId, agentId))
  if (skills.length > 0) await tx.db.insert(tx.t.agentSkills).values(skills.map((skill) => ({ agentId, ...skill })))
}

/** The queues an agent is a member of. */
export async function queueIdsOf(tx: Tx, agentId: string): Promise<string[]> {
  const { queueMembers } = tx.t
  const rows = await tx.db.select({ id: queueMembers.queueId }).from(queueMembers).where(eq(queueMembers.agentId, agentId))
  return rows.map(({ id }) => id)
}

/** Replaces the queues an agent is a member of. */
export async function replaceAgentQueues(tx: Tx, agentId: string, queueIds: readonly string[]): Promise<void> {
  await tx.db.delete(tx.t.queueMembers).where(eq(tx.t.queueMembers.agentId, agentId))
  if (queueIds.length > 0) await tx.db.insert(tx.t.queueMembers).values(queueIds.map((queueId) => ({ queueId, agentId })))
}

/**
 * Takes an agent's presence away. A lease that runs runs out now, so that the presence sweep does with what they hold
 * what it does for everybody who leaves.
 */
export async function putAgentOffline(tx: Tx, agentId: string, now: number): Promise<void> {
  const { agentStates } = tx.t
  await tx.db
    .update(agentStates)
    .set({
      state: 'offline',
      reason: null,
      since: now,
      leaseUntil: sql`case when ${agentStates.leaseUntil} is null then ${agentStates.leaseUntil} else ${sql.param(now, agentStates.leaseUntil)} end`,
      absentSince: sql`coalesce(${agentStates.absentSince}, ${sql.param(now, agentStates.absentSince)})`,
    })
    .where(eq(agentStates.agentId, agentId))
}

/** Ids of agents after one, in the order of their making. */
export async function agentIdsAfter(store: Store, after: string, limit: number): Promise<string[]> {
  const { agents } = store.t
  const rows = await store.db.select({ id: agents.id }).from(agents).where(gt(agents.id, after)).orderBy(asc(agents.id)).limit(limit)
  return rows.map(({ id }) => id)
}
