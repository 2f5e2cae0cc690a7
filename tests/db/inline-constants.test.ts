import Database from 'better-sqlite3'
import { and, eq, ne, sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { compile } from '../../db/compile.ts'
import { inlineConstants } from '../../db/inline-constants.ts'
import { createPostgresDb } from '../../db/postgres-drizzle.ts'
import { tables as postgresTables } from '../../db/schema/postgres.ts'
import { tables } from '../../db/schema/sqlite.ts'
import { createSqliteDb } from '../../db/sqlite-drizzle.ts'
import { openTestStore } from '../support/stores.ts'

const never = (): Promise<never> => Promise.reject(new Error('Only builds.'))
const at =
  (...constants: unknown[]) =>
  (place: number) =>
    constants[place]

test('SQLite: constants stand in the text, the rest stays bound in its order', () => {
  const text = `select '?', "a?b", \`c?\`, 'it''s ?' from t where a = ? and b = ? and c = ? and d = ? and e = ? and f = ?`
  expect(inlineConstants('sqlite', text, at("O'Brien", undefined, 7, -3, null, true))).toEqual({
    sql: `select '?', "a?b", \`c?\`, 'it''s ?' from t where a = 'O''Brien' and b = ? and c = 7 and d = (-3) and e = null and f = 1`,
    bound: [1],
  })
})

test('PostgreSQL: parameters that stay are numbered anew', () => {
  const text = `select '$1', "a$2" from t where a = $1 and b = $2 and c = $3 and d = $10`
  const constants = at('x', undefined, false, undefined, 1, 1, 1, 1, 1, undefined)
  expect(inlineConstants('postgres', text, constants)).toEqual({
    sql: `select '$1', "a$2" from t where a = 'x' and b = $1 and c = false and d = $2`,
    bound: [1, 9],
  })
})

test('values without a plain literal stay bound', () => {
  const odd = [1.5, Number.NaN, 2 ** 60, 'nul\0', 10n, new Uint8Array(1), { a: 1 }]
  const { sql: text, bound } = inlineConstants('sqlite', odd.map(() => '?').join(), (place) => odd[place])
  expect(text).toBe(odd.map(() => '?').join())
  expect(bound).toEqual(odd.map((_, place) => place))
})

test('a compiled condition on a constant is served by the partial index', async () => {
  const build = (db: ReturnType<typeof createSqliteDb>, t: typeof tables) =>
    db
      .select({ id: t.conversations.id })
      .from(t.conversations)
      .where(
        and(
          eq(t.conversations.inboxId, sql.placeholder('inboxId')),
          eq(t.conversations.threadKey, sql.placeholder('threadKey')),
          ne(t.conversations.status, 'resolved'),
        ),
      )
      .limit(1)
  const compiled = compile('sqlite', 'live', build(createSqliteDb(never), tables))
  expect(compiled.sql).toContain("<> 'resolved'")
  expect(compiled.sql.match(/\?/g)).toHaveLength(2)
  expect(compiled.encode({ threadKey: 'b', inboxId: 'a' })).toEqual(['a', 'b'])
  const { store, dispose } = await openTestStore('sqlite-memory')
  const plan = await store.maintain(async (connection) => connection.execute(`explain query plan ${compiled.sql}`, ['a', 'b']))
  await dispose()
  expect(String(plan[0]?.[3])).toContain('conversations_live_uq')

  const other = compile('postgres', 'live', build(createPostgresDb(never), postgresTables))
  expect(other.sql).toMatch(/"inbox_id" = \$1 and .*"thread_key" = \$2 and .*<> 'resolved'\) limit 1$/)
})

test('the literals mean what the bound values mean', () => {
  const database = new Database(':memory:')
  for (const value of ["it's", '', '--', '/*', '訂單', 0, -9_007_199_254_740_991, null]) {
    const { sql: text } = inlineConstants('sqlite', 'select ? as v', () => value)
    expect(database.prepare(text).pluck().get()).toBe(value)
  }
  database.close()
})
