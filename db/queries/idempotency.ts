import { and, eq, lt, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Store, Tx } from '../store.ts'
import { bind } from './bind.ts'

export type IdempotencyRow = Tables['idempotencyKeys']['$inferSelect']

/** Takes a key for a request; no row comes back when it is taken. */
export const takeIdempotencyKey = statement<{ agentId: string; key: string; requestHash: string; now: number }, { key: string }>(
  'take_idempotency_key',
  ({ db, t }) =>
    db
      .insert(t.idempotencyKeys)
      .values({
        agentId: sql.placeholder('agentId'),
        key: sql.placeholder('key'),
        requestHash: sql.placeholder('requestHash'),
        status: null,
        body: null,
        createdAt: sql.placeholder('now'),
      })
      .onConflictDoNothing({ target: [t.idempotencyKeys.agentId, t.idempotencyKeys.key] })
      .returning({ key: t.idempotencyKeys.key }),
)

export const idempotencyRow = statement<{ agentId: string; key: string }, IdempotencyRow>('idempotency_row', ({ db, t }) =>
  db
    .select()
    .from(t.idempotencyKeys)
    .where(and(eq(t.idempotencyKeys.agentId, sql.placeholder('agentId')), eq(t.idempotencyKeys.key, sql.placeholder('key'))))
    .limit(1),
)

/** Keeps the answer for repeats. */
export const settleIdempotencyKey = statement<{ agentId: string; key: string; status: number; body: string }, never>(
  'settle_idempotency_key',
  ({ db, t }) =>
    db
      .update(t.idempotencyKeys)
      .set({ status: bind(t.idempotencyKeys.status, 'status'), body: bind(t.idempotencyKeys.body, 'body') })
      .where(and(eq(t.idempotencyKeys.agentId, sql.placeholder('agentId')), eq(t.idempotencyKeys.key, sql.placeholder('key')))),
)

/** Gives a key back, so that the request may be tried again with it. */
export async function releaseIdempotencyKey(on: Store | Tx, agentId: string, key: string): Promise<void> {
  const { idempotencyKeys } = on.t
  await on.db.delete(idempotencyKeys).where(and(eq(idempotencyKeys.agentId, agentId), eq(idempotencyKeys.key, key)))
}

/** Removes keys taken before `before`. */
export async function deleteOldIdempotencyKeys(on: Store | Tx, before: number): Promise<void> {
  await on.db.delete(on.t.idempotencyKeys).where(lt(on.t.idempotencyKeys.createdAt, before))
}
