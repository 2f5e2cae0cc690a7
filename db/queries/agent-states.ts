import { and, eq, lte, sql } from 'drizzle-orm'
import type { ChannelId } from '../../src/wire/words.ts'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Store } from '../store.ts'
import { bind } from './bind.ts'

export type AgentStateRow = Tables['agentStates']['$inferSelect']

/** Notes that an agent has become free: `longest_idle` orders by it. */
export const setIdleSince = statement<{ agentId: string; now: number }, never>('set_idle_since', ({ db, t }) =>
  db
    .update(t.agentStates)
    .set({ idleSince: bind(t.agentStates.idleSince, 'now') })
    .where(eq(t.agentStates.agentId, sql.placeholder('agentId'))),
)

/** Notes that an agent was offered something: `round_robin` orders by it. */
export const setLastOfferAt = statement<{ agentId: string; now: number }, never>('set_last_offer_at', ({ db, t }) =>
  db
    .update(t.agentStates)
    .set({ lastOfferAt: bind(t.agentStates.lastOfferAt, 'now') })
    .where(eq(t.agentStates.agentId, sql.placeholder('agentId'))),
)

/** An agent's state, locked until the transaction ends: two routers cannot both fill the last slot. */
export const lockAgentState = statement<{ agentId: string }, AgentStateRow>('lock_agent_state', ({ db, t }) =>
  db
    .update(t.agentStates)
    .set({ missedOffers: sql`${t.agentStates.missedOffers}` })
    .where(eq(t.agentStates.agentId, sql.placeholder('agentId')))
    .returning(),
)

/** Puts an agent into a state; a missed offer counts. */
export const setAgentStateRow = statement<
  { agentId: string; state: AgentStateRow['state']; reason: string | null; now: number; missed: number },
  AgentStateRow
>('set_agent_state', ({ db, t }) =>
  db
    .update(t.agentStates)
    .set({
      state: bind(t.agentStates.state, 'state'),
      reason: bind(t.agentStates.reason, 'reason'),
      since: bind(t.agentStates.since, 'now'),
      missedOffers: sql`${t.agentStates.missedOffers} + ${bind(t.agentStates.missedOffers, 'missed')}`,
    })
    .where(eq(t.agentStates.agentId, sql.placeholder('agentId')))
    .returning(),
)

/** Channels on which an offer counts as accepted as soon as it is made. */
export const autoAcceptOf = statement<{ id: string }, { autoAccept: ChannelId[] }>('auto_accept_of', ({ db, t }) =>
  db
    .select({ autoAccept: t.agents.autoAccept })
    .from(t.agents)
    .where(eq(t.agents.id, sql.placeholder('id')))
    .limit(1),
)

/** Agents who have not been responding since before an instant. */
export async function longNotResponding({ db, t }: Store, before: number, limit: number): Promise<string[]> {
  const { agentStates: s } = t
  const rows = await db
    .select({ agentId: s.agentId })
    .from(s)
    .where(and(eq(s.state, 'not_responding'), lte(s.since, before)))
    .limit(limit)
  return rows.map(({ agentId }) => agentId)
}
