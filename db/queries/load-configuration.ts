import { asc } from 'drizzle-orm'
import type { CapacityOverrides } from '../../src/wire/agents.ts'
import type { QueueSettings } from '../../src/wire/queues.ts'
import type { Store, Tx } from '../store.ts'
import { groupBy } from './by-ids.ts'

/** A queue as a configuration has it. */
export interface ConfigurationQueueRow {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
  readonly settings: QueueSettings
  readonly memberIds: string[]
}

/** All queues with their members, in the order of their making. */
export async function loadConfigurationQueues({ db, t }: Store | Tx): Promise<ConfigurationQueueRow[]> {
  const rows = await db
    .select({ id: t.queues.id, name: t.queues.name, enabled: t.queues.enabled, settings: t.queues.settings })
    .from(t.queues)
    .orderBy(asc(t.queues.id))
  const members = groupBy(await db.select().from(t.queueMembers).orderBy(asc(t.queueMembers.agentId)), ({ queueId }) => queueId)
  return rows.map((row) => ({ ...row, memberIds: (members.get(row.id) ?? []).map(({ agentId }) => agentId) }))
}

/** An agent as a configuration has them. */
export interface ConfigurationAgentRow {
  readonly id: string
  readonly name: string
  readonly disabledAt: number | null
  readonly languages: string[]
  readonly capacity: CapacityOverrides
  readonly skills: { skillId: string; level: number }[]
}

/** All agents with their skills, disabled ones too. */
export async function loadConfigurationAgents({ db, t }: Store | Tx): Promise<ConfigurationAgentRow[]> {
  const { id, name, disabledAt, languages, capacity } = t.agents
  const rows = await db.select({ id, name, disabledAt, languages, capacity }).from(t.agents).orderBy(asc(id))
  const skills = groupBy(await db.select().from(t.agentSkills).orderBy(asc(t.agentSkills.skillId)), ({ agentId }) => agentId)
  return rows.map((row) => ({ ...row, skills: (skills.get(row.id) ?? []).map(({ skillId, level }) => ({ skillId, level })) }))
}
