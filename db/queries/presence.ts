import { and, asc, eq, gt, lte, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import { bind } from './bind.ts'

type StateRow = Tables['agentStates']['$inferSelect']

/** An agent's lease as it stands. */
export const readLease = statement<{ agentId: string }, Pick<StateRow, 'leaseUntil' | 'absentSince'>>(
  'read_lease',
  ({ db, t: { agentStates: s } }) =>
    db
      .select({ leaseUntil: s.leaseUntil, absentSince: s.absentSince })
      .from(s)
      .where(eq(s.agentId, sql.placeholder('agentId'))),
)

/** Extends a lease that holds, never shortening it; no row when there is none or it has run out. */
export const extendLease = statement<{ agentId: string; now: number; until: number }, { agentId: string }>(
  'extend_lease',
  ({ db, t: { agentStates: s } }) =>
    db
      .update(s)
      .set({
        leaseUntil: sql`case when ${s.leaseUntil} > ${bind(s.leaseUntil, 'until')} then ${s.leaseUntil} else ${bind(s.leaseUntil, 'until')} end`,
      })
      .where(and(eq(s.agentId, sql.placeholder('agentId')), gt(s.leaseUntil, sql.placeholder('now'))))
      .returning({ agentId: s.agentId }),
)

/** Gives an agent a lease, and a state row where there is none. Back from absence, they are free from now on. */
export const startLease = statement<{ agentId: string; now: number; until: number }, never>(
  'start_lease',
  ({ db, t: { agentStates: s } }) =>
    db
      .insert(s)
      .values({
        agentId: sql.placeholder('agentId'),
        state: 'offline',
        reason: null,
        since: sql.placeholder('now'),
        leaseUntil: sql.placeholder('until'),
        absentSince: null,
        idleSince: sql.placeholder('now'),
        missedOffers: 0,
      })
      .onConflictDoUpdate({
        target: s.agentId,
        set: { leaseUntil: bind(s.leaseUntil, 'until'), absentSince: sql`null`, idleSince: bind(s.idleSince, 'now') },
      }),
)

/** Leaves an agent's lease no longer than `until`. */
export const shortenLease = statement<{ agentId: string; until: number }, { agentId: string }>(
  'shorten_lease',
  ({ db, t: { agentStates: s } }) =>
    db
      .update(s)
      .set({ leaseUntil: bind(s.leaseUntil, 'until') })
      .where(and(eq(s.agentId, sql.placeholder('agentId')), sql`${s.leaseUntil} > ${bind(s.leaseUntil, 'until')}`))
      .returning({ agentId: s.agentId }),
)

/** Agents whose lease has run out, the longest first. */
export const lapsedLeases = statement<{ now: number; limit: number }, { agentId: string }>(
  'lapsed_leases',
  ({ db, t: { agentStates: s } }) =>
    db
      .select({ agentId: s.agentId })
      .from(s)
      .where(lte(s.leaseUntil, sql.placeholder('now')))
      .orderBy(asc(s.leaseUntil))
      .limit(sql.placeholder('limit')),
)

/** Takes a lease that has run out; no row when it was renewed meanwhile. */
export const takeLapsedLease = statement<{ agentId: string; now: number }, { agentId: string }>(
  'take_lapsed_lease',
  ({ db, t: { agentStates: s } }) =>
    db
      .update(s)
      .set({ leaseUntil: sql`null`, absentSince: bind(s.absentSince, 'now') })
      .where(and(eq(s.agentId, sql.placeholder('agentId')), lte(s.leaseUntil, sql.placeholder('now'))))
      .returning({ agentId: s.agentId }),
)

/**
 * Conversations whose customers wait for an agent who has been absent since before an instant. A cross join, because SQLite
 * keeps its order: agents are few, open conversations may be very many.
 */
export const abandonedConversations = statement<{ absentBefore: number; limit: number }, { id: string; agentId: string }>(
  'abandoned_conversations',
  ({ db, t: { agentStates: s, conversations: c } }) =>
    db
      .select({ id: c.id, agentId: s.agentId })
      .from(s)
      .crossJoin(c)
      .where(
        and(
          lte(s.absentSince, sql.placeholder('absentBefore')),
          eq(c.assigneeId, s.agentId),
          sql`${c.status} = 'active'`,
          sql`${c.awaiting} = 'agent'`,
        ),
      )
      .orderBy(asc(c.waitingSince))
      .limit(sql.placeholder('limit')),
)

/** Puts an agent into a state they (or a supervisor) chose; no row when that changes nothing. */
export const chooseState = statement<
  { agentId: string; state: StateRow['state']; reason: string | null; now: number },
  Pick<StateRow, 'agentId'>
>('choose_state', ({ db, t: { agentStates: s } }) =>
  db
    .update(s)
    .set({
      state: bind(s.state, 'state'),
      reason: bind(s.reason, 'reason'),
      since: bind(s.since, 'now'),
      missedOffers: sql`case when ${bind(s.state, 'state')} = 'available' then 0 else ${s.missedOffers} end`,
      idleSince: sql`case when ${bind(s.state, 'state')} = 'available' then ${bind(s.idleSince, 'now')} else ${s.idleSince} end`,
    })
    .where(
      and(
        eq(s.agentId, sql.placeholder('agentId')),
        sql`(${s.state} <> ${bind(s.state, 'state')} or coalesce(${s.reason}, '') <> coalesce(${bind(s.reason, 'reason')}, ''))`,
      ),
    )
    .returning({ agentId: s.agentId }),
)
