import { and, eq, gt, isNull, lt, or, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Tx } from '../store.ts'

export type OneTimeLinkRow = Tables['oneTimeLinks']['$inferSelect']

/** A link by its token's hash, used or not. */
export const linkByHash = statement<{ tokenHash: string }, OneTimeLinkRow>('link_by_hash', ({ db, t }) =>
  db
    .select()
    .from(t.oneTimeLinks)
    .where(eq(t.oneTimeLinks.tokenHash, sql.placeholder('tokenHash')))
    .limit(1),
)

export async function insertLink(tx: Tx, row: OneTimeLinkRow): Promise<void> {
  await tx.db.insert(tx.t.oneTimeLinks).values(row)
}

/** Uses a link up; null when it has been used, has ended or never was. Of two who race, one gets it. */
export async function takeLink(tx: Tx, tokenHash: string, now: number): Promise<OneTimeLinkRow | null> {
  const { oneTimeLinks } = tx.t
  const [row] = await tx.db
    .update(oneTimeLinks)
    .set({ usedAt: now })
    .where(and(eq(oneTimeLinks.tokenHash, tokenHash), isNull(oneTimeLinks.usedAt), gt(oneTimeLinks.expiresAt, now)))
    .returning()
  return row ?? null
}

/** Removes unused links that a newer one replaces: all of a purpose and agent (`null` for the setup link of nobody). */
export async function deleteUnusedLinks(tx: Tx, purpose: OneTimeLinkRow['purpose'], agentId: string | null): Promise<void> {
  const { oneTimeLinks } = tx.t
  const whose = agentId === null ? isNull(oneTimeLinks.agentId) : eq(oneTimeLinks.agentId, agentId)
  await tx.db.delete(oneTimeLinks).where(and(eq(oneTimeLinks.purpose, purpose), whose, isNull(oneTimeLinks.usedAt)))
}

/** Removes an agent's unused links, whatever they are for. */
export async function deleteLinksOfAgent(tx: Tx, agentId: string): Promise<void> {
  const { oneTimeLinks } = tx.t
  await tx.db.delete(oneTimeLinks).where(and(eq(oneTimeLinks.agentId, agentId), isNull(oneTimeLinks.usedAt)))
}

/** Removes links that ended, or were used, before `before`. */
export async function deleteOldLinks(tx: Tx, before: number): Promise<void> {
  const { oneTimeLinks } = tx.t
  await tx.db.delete(oneTimeLinks).where(or(lt(oneTimeLinks.expiresAt, before), lt(oneTimeLinks.usedAt, before)))
}
