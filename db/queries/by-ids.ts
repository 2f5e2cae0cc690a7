import { type Placeholder, sql } from 'drizzle-orm'
import type { PreparableQuery } from '../compile.ts'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Db, Store, Tx } from '../store.ts'

/** Lengths of the `in` lists that are prepared; a shorter list repeats its last id. */
const sizes = [1, 8, 64, 256] as const

type Load<R> = (on: Store | Tx, params: Record<string, unknown>) => Promise<R[]>

/**
 * A hot query over any number of ids, prepared for a few list lengths, so that hundreds of rows cost a
 * few runs. Rows come in no particular order; ids without a row are left out, repeated ones count once.
 * @param name names the statements; at most 36 characters.
 * @param build takes the placeholders to stand in `inArray`.
 */
export function byIds<R>(
  name: string,
  build: (on: { db: Db; t: Tables }, ids: Placeholder[]) => PreparableQuery<R>,
): (on: Store | Tx, ids: Iterable<string>) => Promise<R[]> {
  const loads = sizes.map((size): [number, Load<R>] => [size, sized(name, size, build)])
  return async (on, ids) => {
    const unique = [...new Set(ids)]
    const rows: R[] = []
    for (let from = 0; from < unique.length; from += 256) {
      const chunk = unique.slice(from, from + 256)
      const load = loads.find(([size]) => size >= chunk.length)
      if (load === undefined) continue
      const found = await load[1](on, paramsOf(chunk, load[0]))
      if (unique.length <= 256) return found
      rows.push(...found)
    }
    return rows
  }
}

function sized<R>(name: string, size: number, build: (on: { db: Db; t: Tables }, ids: Placeholder[]) => PreparableQuery<R>): Load<R> {
  const ids = Array.from({ length: size }, (_, i) => sql.placeholder(`i${i}`))
  return statement<Record<string, unknown>, R>(`${name}_${size}`, (on) => build(on, ids))
}

function paramsOf(ids: readonly string[], size: number): Record<string, unknown> {
  const params: Record<string, unknown> = {}
  const last = ids[ids.length - 1]
  for (let i = 0; i < size; i++) params[`i${i}`] = ids[i] ?? last
  return params
}

/** The rows of a list under a key, for putting children beside their parents. */
export function groupBy<R>(rows: readonly R[], keyOf: (row: R) => string): Map<string, R[]> {
  const groups = new Map<string, R[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return groups
}
