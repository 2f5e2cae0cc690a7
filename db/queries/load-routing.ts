import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { CapacityOverrides } from '../../src/wire/agents.ts'
import type { QueueSettings } from '../../src/wire/queues.ts'
import type { Tables } from '../schema/index.ts'
import type { Store } from '../store.ts'

type C = Tables['conversations']['$inferSelect']

/** A waiting conversation as routing needs it. */
export type WaitingRow = Pick<
  C,
  | 'id'
  | 'queueId'
  | 'channel'
  | 'status'
  | 'priority'
  | 'waitingSince'
  | 'queuedAt'
  | 'slaDueAt'
  | 'requiredSkills'
  | 'preferredAgentId'
  | 'preferredUntil'
  | 'personal'
  | 'avoid'
  | 'offeredTo'
  | 'language'
>

/** An agent's state as routing needs it. */
export interface RoutingAgentRow {
  readonly id: string
  readonly capacity: CapacityOverrides
  readonly state: Tables['agentStates']['$inferSelect']['state']
  readonly leaseUntil: number | null
  readonly idleSince: number
  readonly lastOfferAt: number | null
  readonly languages: readonly string[]
}

const waitingColumns = ({ conversations: c }: Tables) => ({
  id: c.id,
  queueId: c.queueId,
  channel: c.channel,
  status: c.status,
  priority: c.priority,
  waitingSince: c.waitingSince,
  queuedAt: c.queuedAt,
  slaDueAt: c.slaDueAt,
  requiredSkills: c.requiredSkills,
  preferredAgentId: c.preferredAgentId,
  preferredUntil: c.preferredUntil,
  personal: c.personal,
  avoid: c.avoid,
  offeredTo: c.offeredTo,
  language: c.language,
})

/** Everything that waits. */
export async function allWaiting({ db, t }: Store): Promise<WaitingRow[]> {
  return db.select(waitingColumns(t)).from(t.conversations).where(sql`${t.conversations.status} in ('queued','offered')`)
}

/** Conversations by id, whether they wait or not. */
export async function waitingByIds({ db, t }: Store, ids: readonly string[]): Promise<WaitingRow[]> {
  return db
    .select(waitingColumns(t))
    .from(t.conversations)
    .where(inArray(t.conversations.id, [...ids]))
}

/** Agents in service, all or some. */
export async function routingAgents({ db, t }: Store, ids: readonly string[] | null): Promise<RoutingAgentRow[]> {
  const { agents: a, agentStates: s } = t
  const enabled = isNull(a.disabledAt)
  return db
    .select({
      id: a.id,
      capacity: a.capacity,
      languages: a.languages,
      state: s.state,
      leaseUntil: s.leaseUntil,
      idleSince: s.idleSince,
      lastOfferAt: s.lastOfferAt,
    })
    .from(a)
    .innerJoin(s, eq(s.agentId, a.id))
    .where(ids === null ? enabled : and(enabled, inArray(a.id, [...ids])))
}

/** Skills of agents, all or some. */
export async function routingSkills(
  { db, t }: Store,
  ids: readonly string[] | null,
): Promise<{ agentId: string; skillId: string; level: number }[]> {
  const query = db.select().from(t.agentSkills)
  return ids === null ? query : query.where(inArray(t.agentSkills.agentId, [...ids]))
}

/** Groups of agents with what they say of capacity, all or some; in the order in which they count. */
export async function routingGroups(
  { db, t }: Store,
  ids: readonly string[] | null,
): Promise<{ agentId: string; groupId: string; capacity: CapacityOverrides }[]> {
  const { groupMembers: m, groups: g } = t
  return db
    .select({ agentId: m.agentId, groupId: g.id, capacity: g.capacity })
    .from(m)
    .innerJoin(g, eq(g.id, m.groupId))
    .where(ids === null ? undefined : inArray(m.agentId, [...ids]))
    .orderBy(asc(g.name))
}

/** Slots held, by agent scope and channel, of all or some agents. */
export async function heldCounters(
  { db, t }: Store,
  agentIds: readonly string[] | null,
): Promise<{ scope: string; name: string; value: number }[]> {
  const { counters: c } = t
  const query = db.select().from(c)
  return agentIds === null
    ? query.where(sql`${c.scope} like 'agent:%'`)
    : query.where(
        inArray(
          c.scope,
          agentIds.map((id) => `agent:${id}`),
        ),
      )
}

/** Queues that take work, with their members. */
export async function routingQueues({ db, t }: Store): Promise<{ id: string; settings: QueueSettings; memberIds: string[] }[]> {
  const queues = await db.select({ id: t.queues.id, settings: t.queues.settings }).from(t.queues).where(eq(t.queues.enabled, true))
  const members = await db.select().from(t.queueMembers)
  return queues.map((queue) => ({ ...queue, memberIds: members.filter((m) => m.queueId === queue.id).map((m) => m.agentId) }))
}
