import { type AnyColumn, and, asc, eq, inArray, sql } from 'drizzle-orm'
import { likeLiteral } from '../portable.ts'
import type { Tables } from '../schema/index.ts'
import type { Store, Tx } from '../store.ts'

export type SkillRow = Tables['skills']['$inferSelect']

/** All skills by name. */
export async function allSkills(on: Store | Tx): Promise<SkillRow[]> {
  return on.db.select().from(on.t.skills).orderBy(asc(on.t.skills.name))
}

/** Skills by id; those that are gone are left out. */
export async function skillsByIds(on: Store | Tx, ids: readonly string[]): Promise<SkillRow[]> {
  return on.db
    .select()
    .from(on.t.skills)
    .where(inArray(on.t.skills.id, [...ids]))
}

export async function insertSkill(tx: Tx, row: SkillRow): Promise<void> {
  await tx.db.insert(tx.t.skills).values(row)
}

/** Renames a skill; false when there is none. */
export async function renameSkill(tx: Tx, id: string, name: string): Promise<boolean> {
  const rows = await tx.db.update(tx.t.skills).set({ name }).where(eq(tx.t.skills.id, id)).returning({ id: tx.t.skills.id })
  return rows.length > 0
}

/** Removes a skill; false when there is none. Fails while an agent has it. */
export async function deleteSkillRow(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx.db.delete(tx.t.skills).where(eq(tx.t.skills.id, id)).returning({ id: tx.t.skills.id })
  return rows.length > 0
}

/** What would break without a skill: agents who have it, queues whose rules name it, a conversation that waits for it. */
export interface SkillUses {
  readonly agents: string[]
  readonly queues: string[]
  readonly conversations: boolean
}

/** What depends on a skill, at most 20 names of each kind. */
export async function usesOfSkill(tx: Tx, id: string): Promise<SkillUses> {
  const { agents, agentSkills, queues, conversations } = tx.t
  const holders = await tx.db
    .select({ name: agents.name })
    .from(agentSkills)
    .innerJoin(agents, eq(agents.id, agentSkills.agentId))
    .where(eq(agentSkills.skillId, id))
    .orderBy(asc(agents.name))
    .limit(20)
  const ruled = await tx.db
    .select({ name: queues.name })
    .from(queues)
    .where(namesId(queues.settings, id))
    .orderBy(asc(queues.name))
    .limit(20)
  const [waiting] = await tx.db
    .select({ id: conversations.id })
    .from(conversations)
    .where(and(eq(conversations.open, true), namesId(conversations.requiredSkills, id)))
    .limit(1)
  return { agents: holders.map(({ name }) => name), queues: ruled.map(({ name }) => name), conversations: waiting !== undefined }
}

/** Agents who have a skill. */
export async function agentsWithSkill(tx: Tx, id: string): Promise<string[]> {
  const rows = await tx.db.select({ agentId: tx.t.agentSkills.agentId }).from(tx.t.agentSkills).where(eq(tx.t.agentSkills.skillId, id))
  return rows.map(({ agentId }) => agentId)
}

/** Takes a skill from everybody. */
export async function dropSkillOfAgents(tx: Tx, id: string): Promise<void> {
  await tx.db.delete(tx.t.agentSkills).where(eq(tx.t.agentSkills.skillId, id))
}

/** Queues whose rules name a skill. */
export async function queuesNaming({ db, t }: Tx, id: string): Promise<Pick<Tables['queues']['$inferSelect'], 'id' | 'settings'>[]> {
  return db.select({ id: t.queues.id, settings: t.queues.settings }).from(t.queues).where(namesId(t.queues.settings, id))
}

/** Open conversations that ask for a skill. */
export async function waitingForSkill(
  { db, t: { conversations: c } }: Tx,
  id: string,
): Promise<Pick<Tables['conversations']['$inferSelect'], 'id' | 'requiredSkills'>[]> {
  return db
    .select({ id: c.id, requiredSkills: c.requiredSkills })
    .from(c)
    .where(and(eq(c.open, true), namesId(c.requiredSkills, id)))
}

// Ids are unguessable words of one alphabet, so an id inside the JSON text is that id.
function namesId(column: AnyColumn, id: string) {
  return sql`cast(${column} as text) like ${`%"${likeLiteral(id)}"%`} escape '\\'`
}
