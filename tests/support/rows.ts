import { getTableColumns } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { newId } from '../../src/lib/ids.ts'

const fillers: Readonly<Record<string, () => unknown>> = {
  string: () => '',
  number: () => 0,
  boolean: () => false,
  json: () => ({}),
}

/**
 * A whole row of `table` from the values a test cares for: a new id for a primary `id`, and an empty value of the column's
 * type for every other required column left out. For tests of the store, which do not read what the columns mean.
 */
export function rowOf<T extends SQLiteTable>(table: T, given: Partial<T['$inferInsert']>): T['$inferInsert'] {
  const row: Record<string, unknown> = { ...given }
  for (const [key, column] of Object.entries(getTableColumns(table))) {
    if (row[key] !== undefined || !column.notNull || column.hasDefault) continue
    row[key] = column.primary && column.dataType === 'string' ? newId() : fillers[column.dataType]?.()
  }
  // Every required column has a value of its column's type now.
  return row
}
