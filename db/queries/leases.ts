import { and, eq, lte, or, sql } from 'drizzle-orm'
import { statement } from '../statement.ts'
import type { Tx } from '../store.ts'
import { bind } from './bind.ts'

const take = statement<{ name: string; holder: string; now: number; expiresAt: number }, { token: number }>(
  'take_lease',
  ({ db, t: { leases } }) =>
    db
      .update(leases)
      .set({
        token: sql`case when ${leases.holder} = ${bind(leases.holder, 'holder')} then ${leases.token} else ${leases.token} + 1 end`,
        holder: bind(leases.holder, 'holder'),
        expiresAt: bind(leases.expiresAt, 'expiresAt'),
      })
      .where(
        and(
          eq(leases.name, sql.placeholder('name')),
          or(eq(leases.holder, sql.placeholder('holder')), lte(leases.expiresAt, sql.placeholder('now'))),
        ),
      )
      .returning({ token: leases.token }),
)

/**
 * Takes or renews a duty for `holder`.
 * @returns the fencing token, which rises with each change of holder; null while another holds it.
 */
export async function takeLease(tx: Tx, lease: { name: string; holder: string; now: number; expiresAt: number }): Promise<number | null> {
  await tx.db.insert(tx.t.leases).values({ name: lease.name, holder: '', token: 0, expiresAt: 0 }).onConflictDoNothing()
  const [row] = await take(tx, lease)
  return row?.token ?? null
}

const tokenOf = statement<{ name: string }, { token: number }>('lease_token', ({ db, t: { leases } }) =>
  db
    .select({ token: leases.token })
    .from(leases)
    .where(eq(leases.name, sql.placeholder('name'))),
)

/** Whether `token` is still the newest of a duty; a stale holder's writes stop here. */
export async function holdsLease(tx: Tx, name: string, token: number): Promise<boolean> {
  const [row] = await tokenOf(tx, { name })
  return row?.token === token
}

/** Gives a duty up, so that another node takes it without waiting. */
export async function dropLease(tx: Tx, name: string, holder: string): Promise<void> {
  await tx.db
    .update(tx.t.leases)
    .set({ expiresAt: 0 })
    .where(and(eq(tx.t.leases.name, name), eq(tx.t.leases.holder, holder)))
}
