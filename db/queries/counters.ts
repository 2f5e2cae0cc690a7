import { and, eq, sql } from 'drizzle-orm'
import { statement } from '../statement.ts'
import type { Store, Tx } from '../store.ts'
import { bind } from './bind.ts'

/** A change of one kept number. */
export interface CounterDelta {
  readonly scope: string
  readonly name: string
  readonly delta: number
}

const addToCounter = statement<{ scope: string; name: string; delta: number }, never>('add_to_counter', ({ db, t }) =>
  db
    .insert(t.counters)
    .values({ scope: sql.placeholder('scope'), name: sql.placeholder('name'), value: sql.placeholder('delta') })
    .onConflictDoUpdate({
      target: [t.counters.scope, t.counters.name],
      set: { value: sql`${t.counters.value} + ${bind(t.counters.value, 'delta')}` },
    }),
)

/** Applies changes, in one order everywhere so that two transactions do not wait for each other. */
export async function addToCounters(tx: Tx, deltas: readonly CounterDelta[]): Promise<void> {
  const ordered = [...deltas].filter((d) => d.delta !== 0).sort((a, b) => (a.scope + a.name < b.scope + b.name ? -1 : 1))
  for (const delta of ordered) await addToCounter(tx, { ...delta })
}

/** The numbers kept under a scope. */
export const countersOf = statement<{ scope: string }, { name: string; value: number }>('counters_of', ({ db, t }) =>
  db
    .select({ name: t.counters.name, value: t.counters.value })
    .from(t.counters)
    .where(eq(t.counters.scope, sql.placeholder('scope'))),
)

/** One kept number; 0 when nothing was counted. */
export async function counter(on: Store | Tx, scope: string, name: string): Promise<number> {
  const rows = await oneCounter(on, { scope, name })
  return rows[0]?.value ?? 0
}

const oneCounter = statement<{ scope: string; name: string }, { value: number }>('one_counter', ({ db, t }) =>
  db
    .select({ value: t.counters.value })
    .from(t.counters)
    .where(and(eq(t.counters.scope, sql.placeholder('scope')), eq(t.counters.name, sql.placeholder('name')))),
)
