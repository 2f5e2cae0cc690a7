import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Store, Tx } from '../store.ts'
import { bind } from './bind.ts'

export type ApiTokenRow = Tables['apiTokens']['$inferSelect']

/** The API token a bearer shows, unless it has been revoked. */
export const apiTokenByHash = statement<{ tokenHash: string }, ApiTokenRow>('api_token_by_hash', ({ db, t }) =>
  db
    .select()
    .from(t.apiTokens)
    .where(and(eq(t.apiTokens.tokenHash, sql.placeholder('tokenHash')), isNull(t.apiTokens.revokedAt)))
    .limit(1),
)

/** Notes that a token is in use. */
export const touchApiToken = statement<{ id: string; now: number }, never>('touch_api_token', ({ db, t }) =>
  db
    .update(t.apiTokens)
    .set({ lastUsedAt: bind(t.apiTokens.lastUsedAt, 'now') })
    .where(eq(t.apiTokens.id, sql.placeholder('id'))),
)

export async function insertApiToken(tx: Tx, row: ApiTokenRow): Promise<void> {
  await tx.db.insert(tx.t.apiTokens).values(row)
}

/** An agent's tokens that are not revoked, newest first. */
export async function apiTokensOfAgent(store: Store, agentId: string): Promise<ApiTokenRow[]> {
  const { apiTokens } = store.t
  return store.db
    .select()
    .from(apiTokens)
    .where(and(eq(apiTokens.agentId, agentId), isNull(apiTokens.revokedAt)))
    .orderBy(desc(apiTokens.id))
    .limit(200)
}

/** Revokes one of an agent's tokens; no id comes back when there is none to revoke. */
export async function revokeApiTokenRow(tx: Tx, agentId: string, id: string, now: number): Promise<string[]> {
  const { apiTokens } = tx.t
  const rows = await tx.db
    .update(apiTokens)
    .set({ revokedAt: now })
    .where(and(eq(apiTokens.id, id), eq(apiTokens.agentId, agentId), isNull(apiTokens.revokedAt)))
    .returning({ id: apiTokens.id })
  return rows.map((row) => row.id)
}

/** Ids of an agent's tokens that are not revoked. */
export async function apiTokenIdsOfAgent(tx: Tx, agentId: string): Promise<string[]> {
  const { apiTokens } = tx.t
  const rows = await tx.db
    .select({ id: apiTokens.id })
    .from(apiTokens)
    .where(and(eq(apiTokens.agentId, agentId), isNull(apiTokens.revokedAt)))
  return rows.map(({ id }) => id)
}
