import { describe, expect, test } from 'vitest'
import { checkMigrations, currentSnapshot, migratedSnapshot, tablesThatDiffer } from '../../db/check.ts'

test('the migrations of both dialects make the present schema', async () => {
  const said: string[] = []
  const same = await checkMigrations((line) => said.push(line))
  expect(said).toEqual([])
  expect(same).toBe(true)
})

describe.each(['sqlite', 'postgres'] as const)('on %s', (dialect) => {
  const name = dialect === 'sqlite' ? 'contacts' : 'public.contacts'

  test('a table that changed, came or went is named', async () => {
    const current = await currentSnapshot(dialect)
    const migrated = migratedSnapshot(dialect)
    expect(Object.keys(migrated.tables)).toContain(name)
    const { [name]: _gone, ...without } = migrated.tables
    expect(tablesThatDiffer({ tables: without }, current)).toEqual([name])
    expect(tablesThatDiffer(migrated, { tables: { ...current.tables, added: {} } })).toEqual(['added'])
    const changed = JSON.parse(JSON.stringify(current))
    changed.tables[name].columns.name.notNull = false
    expect(tablesThatDiffer(migrated, changed)).toEqual([name])
  })
})
