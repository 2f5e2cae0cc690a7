import { asc, eq, sql } from 'drizzle-orm'
import { lockAgentState } from '../../../db/queries/agent-states.ts'
import { countersOf } from '../../../db/queries/counters.ts'
import { statement } from '../../../db/statement.ts'
import type { Store, Tx } from '../../../db/store.ts'
import { emptyHanded, type Held } from '../../core/capacity/load.ts'
import { mayTake } from '../../core/capacity/may-take.ts'
import { type CapacityRules, capacityRules } from '../../core/capacity/rules.ts'
import { AppError } from '../../lib/errors.ts'
import type { CapacityOverrides } from '../../wire/agents.ts'
import type { ChannelId } from '../../wire/words.ts'

const capacityOf = statement<{ id: string }, { name: string; capacity: CapacityOverrides; disabledAt: number | null }>(
  'agent_capacity',
  ({ db, t }) =>
    db
      .select({ name: t.agents.name, capacity: t.agents.capacity, disabledAt: t.agents.disabledAt })
      .from(t.agents)
      .where(eq(t.agents.id, sql.placeholder('id'))),
)

const groupCapacityOf = statement<{ id: string }, { capacity: CapacityOverrides }>('agent_group_capacity', ({ db, t }) =>
  db
    .select({ capacity: t.groups.capacity })
    .from(t.groupMembers)
    .innerJoin(t.groups, eq(t.groups.id, t.groupMembers.groupId))
    .where(eq(t.groupMembers.agentId, sql.placeholder('id')))
    .orderBy(asc(t.groups.name)),
)

/** What an agent may hold: the defaults, then their groups by name, then what is said of them. */
async function rulesOf(tx: Tx, id: string, own: CapacityOverrides): Promise<CapacityRules> {
  return capacityRules(...(await groupCapacityOf(tx, { id })).map(({ capacity }) => capacity), own)
}

/** The slots an agent holds by channel, from the kept numbers. */
export async function heldBy(on: Store | Tx, agentId: string): Promise<Held> {
  const held = { ...emptyHanded }
  for (const { name, value } of await countersOf(on, { scope: `agent:${agentId}` })) {
    const channel = name.startsWith('open:') ? name.slice(5) : ''
    if (channel in held) held[channel as ChannelId] = value
  }
  return held
}

/**
 * Whether an agent may take one more item now: available, present, with room by `core/capacity`. Locks the
 * agent's state until the transaction ends, so that the answer stays true for what the caller writes.
 */
export async function agentHasRoom(tx: Tx, agentId: string, channel: ChannelId, now: number): Promise<boolean> {
  const [state] = await lockAgentState(tx, { agentId })
  const [agent] = await capacityOf(tx, { id: agentId })
  if (state === undefined || agent === undefined || agent.disabledAt !== null) return false
  if (state.state !== 'available' || (state.leaseUntil ?? 0) <= now) return false
  return mayTake(await heldBy(tx, agentId), channel, await rulesOf(tx, agentId, agent.capacity)).ok
}

/** Whether one more item fits into an agent's hands, whether they are there or not. Locks as `agentHasRoom`. */
export async function hasRoom(tx: Tx, agentId: string, channel: ChannelId): Promise<boolean> {
  await lockAgentState(tx, { agentId })
  const [agent] = await capacityOf(tx, { id: agentId })
  return agent !== undefined && mayTake(await heldBy(tx, agentId), channel, await rulesOf(tx, agentId, agent.capacity)).ok
}

/**
 * Refuses one more item for an agent whose hands are full, whether they are there or not. Locks as `agentHasRoom`.
 * @throws AppError 'conflict' with code `no_room`.
 */
export async function requireRoom(tx: Tx, agentId: string, channel: ChannelId): Promise<void> {
  const [agent] = await capacityOf(tx, { id: agentId })
  if (agent === undefined || (await hasRoom(tx, agentId, channel))) return
  throw new AppError('conflict', `${agent.name} holds as much as they may; something must be finished or handed over first.`, {
    code: 'no_room',
    agentId,
    channel,
  })
}
