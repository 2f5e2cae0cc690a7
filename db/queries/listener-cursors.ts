import { sql } from 'drizzle-orm'
import { statement } from '../statement.ts'
import type { Store, Tx } from '../store.ts'
import { bind } from './bind.ts'

type CursorValue = Readonly<Record<string, unknown>>

const cursorRow = statement<{ inboxId: string; name: string }, { value: Record<string, unknown> }>(
  'listener_cursor',
  ({ db, t: { listenerCursors: c } }) =>
    db
      .select({ value: c.value })
      .from(c)
      .where(sql`${c.inboxId} = ${sql.placeholder('inboxId')} and ${c.name} = ${sql.placeholder('name')}`),
)

/** Where a listener stood last, or null. */
export async function listenerCursor(on: Store | Tx, inboxId: string, name: string): Promise<CursorValue | null> {
  const [row] = await cursorRow(on, { inboxId, name })
  return row?.value ?? null
}

/** Writes where a listener stands. */
export const putListenerCursor = statement<{ inboxId: string; name: string; value: CursorValue; now: number }, never>(
  'put_listener_cursor',
  ({ db, t: { listenerCursors: c } }) =>
    db
      .insert(c)
      .values({
        inboxId: sql.placeholder('inboxId'),
        name: sql.placeholder('name'),
        value: sql.placeholder('value'),
        updatedAt: sql.placeholder('now'),
      })
      .onConflictDoUpdate({ target: [c.inboxId, c.name], set: { value: bind(c.value, 'value'), updatedAt: bind(c.updatedAt, 'now') } }),
)
