import { and, eq, lt, ne, or, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Store, Tx } from '../store.ts'
import { bind } from './bind.ts'

export type SessionRow = Tables['sessions']['$inferSelect']

/** The session a cookie's token stands for. */
export const sessionByTokenHash = statement<{ tokenHash: string }, SessionRow>('session_by_token_hash', ({ db, t }) =>
  db
    .select()
    .from(t.sessions)
    .where(eq(t.sessions.tokenHash, sql.placeholder('tokenHash')))
    .limit(1),
)

/** Notes that a session is in use, which puts off its idle end. */
export const touchSessionRow = statement<{ id: string; now: number }, never>('touch_session', ({ db, t }) =>
  db
    .update(t.sessions)
    .set({ lastSeenAt: bind(t.sessions.lastSeenAt, 'now') })
    .where(eq(t.sessions.id, sql.placeholder('id'))),
)

export async function insertSession(tx: Tx, row: SessionRow): Promise<void> {
  await tx.db.insert(tx.t.sessions).values(row)
}

/** Removes one session; no id comes back when it had ended before. */
export async function deleteSession(tx: Tx, id: string): Promise<{ id: string; agentId: string }[]> {
  return tx.db.delete(tx.t.sessions).where(eq(tx.t.sessions.id, id)).returning({ id: tx.t.sessions.id, agentId: tx.t.sessions.agentId })
}

/** Removes an agent's sessions, except one that is kept; returns the ids of those that ended. */
export async function deleteSessionsOfAgent(tx: Tx, agentId: string, keepId: string | null): Promise<string[]> {
  const { sessions } = tx.t
  const rows = await tx.db
    .delete(sessions)
    .where(keepId === null ? eq(sessions.agentId, agentId) : and(eq(sessions.agentId, agentId), ne(sessions.id, keepId)))
    .returning({ id: sessions.id })
  return rows.map(({ id }) => id)
}

/** Removes sessions past their end or unused since `idleSince`; returns whose they were. */
export async function deleteEndedSessions(tx: Tx, now: number, idleSince: number): Promise<{ id: string; agentId: string }[]> {
  const { sessions } = tx.t
  return tx.db
    .delete(sessions)
    .where(or(lt(sessions.expiresAt, now), lt(sessions.lastSeenAt, idleSince)))
    .returning({ id: sessions.id, agentId: sessions.agentId })
}

/** An agent's sessions, newest first. */
export async function sessionsOfAgent(store: Store, agentId: string): Promise<SessionRow[]> {
  const rows = await store.db.select().from(store.t.sessions).where(eq(store.t.sessions.agentId, agentId)).limit(200)
  return rows.toSorted((a, b) => b.createdAt - a.createdAt)
}
