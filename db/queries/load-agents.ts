import { asc, eq, inArray } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Store, Tx } from '../store.ts'
import { byIds, groupBy } from './by-ids.ts'

type AgentRow = Tables['agents']['$inferSelect']
type StateRow = Tables['agentStates']['$inferSelect']

interface AgentWithState
  extends Pick<AgentRow, 'id' | 'name' | 'email' | 'roleId' | 'locale' | 'avatarColor' | 'capacity' | 'disabledAt' | 'createdAt'> {
  readonly state: StateRow['state'] | null
  readonly stateReason: string | null
  readonly stateSince: number | null
  readonly leaseUntil: number | null
}

/** An agent with state, skills, queues and the numbers kept of what they hold. */
export interface LoadedAgent extends AgentWithState {
  readonly skills: readonly { readonly skillId: string; readonly level: number }[]
  readonly queueIds: readonly string[]
  /** What their groups say of capacity, in the order in which it counts. */
  readonly groupCapacities: readonly AgentRow['capacity'][]
  /** Slots held, by channel. */
  readonly held: Readonly<Record<string, number>>
}

const agentsWithState = byIds<AgentWithState>('load_agents', ({ db, t: { agents: a, agentStates: s } }, ids) =>
  db
    .select({
      id: a.id,
      name: a.name,
      email: a.email,
      roleId: a.roleId,
      locale: a.locale,
      avatarColor: a.avatarColor,
      capacity: a.capacity,
      disabledAt: a.disabledAt,
      createdAt: a.createdAt,
      state: s.state,
      stateReason: s.reason,
      stateSince: s.since,
      leaseUntil: s.leaseUntil,
    })
    .from(a)
    .leftJoin(s, eq(s.agentId, a.id))
    .where(inArray(a.id, ids)),
)

const skillsOf = byIds<{ agentId: string; skillId: string; level: number }>('load_agent_skills', ({ db, t }, ids) =>
  db
    .select({ agentId: t.agentSkills.agentId, skillId: t.agentSkills.skillId, level: t.agentSkills.level })
    .from(t.agentSkills)
    .where(inArray(t.agentSkills.agentId, ids))
    .orderBy(asc(t.agentSkills.skillId)),
)

const groupCapacitiesOf = byIds<{ agentId: string; capacity: AgentRow['capacity'] }>(
  'load_agent_groups',
  ({ db, t: { groupMembers: m, groups: g } }, ids) =>
    db
      .select({ agentId: m.agentId, capacity: g.capacity })
      .from(m)
      .innerJoin(g, eq(g.id, m.groupId))
      .where(inArray(m.agentId, ids))
      .orderBy(asc(g.name)),
)

const queuesOf = byIds<{ agentId: string; queueId: string }>('load_agent_queues', ({ db, t }, ids) =>
  db
    .select({ agentId: t.queueMembers.agentId, queueId: t.queueMembers.queueId })
    .from(t.queueMembers)
    .where(inArray(t.queueMembers.agentId, ids))
    .orderBy(asc(t.queueMembers.queueId)),
)

/** Kept numbers by scope, for any number of scopes. */
export const countersByScope = byIds<{ scope: string; name: string; value: number }>('load_counters', ({ db, t }, scopes) =>
  db
    .select({ scope: t.counters.scope, name: t.counters.name, value: t.counters.value })
    .from(t.counters)
    .where(inArray(t.counters.scope, scopes)),
)

const heldPrefix = 'open:'

/** Agents by id, with everything that is shown of them. Skills and queues come in the order of their ids. */
export async function loadAgents(on: Store | Tx, ids: Iterable<string>): Promise<LoadedAgent[]> {
  const unique = [...new Set(ids)]
  const rows = await agentsWithState(on, unique)
  const skills = groupBy(await skillsOf(on, unique), (r) => r.agentId)
  const queues = groupBy(await queuesOf(on, unique), (r) => r.agentId)
  const groups = groupBy(await groupCapacitiesOf(on, unique), (r) => r.agentId)
  const counters = groupBy(
    await countersByScope(
      on,
      unique.map((id) => `agent:${id}`),
    ),
    (r) => r.scope,
  )
  return rows.map((row) => ({
    ...row,
    skills: (skills.get(row.id) ?? []).map(({ skillId, level }) => ({ skillId, level })),
    queueIds: (queues.get(row.id) ?? []).map((q) => q.queueId),
    groupCapacities: (groups.get(row.id) ?? []).map(({ capacity }) => capacity),
    held: heldOf(counters.get(`agent:${row.id}`) ?? []),
  }))
}

function heldOf(counters: readonly { readonly name: string; readonly value: number }[]): Record<string, number> {
  const held: Record<string, number> = {}
  for (const { name, value } of counters) if (name.startsWith(heldPrefix)) held[name.slice(heldPrefix.length)] = value
  return held
}

/** Ids of all agents, disabled ones included, in the order of their making. */
export const allAgentIds = statement<Record<string, never>, { id: string }>('all_agent_ids', ({ db, t }) =>
  db.select({ id: t.agents.id }).from(t.agents).orderBy(asc(t.agents.id)),
)
