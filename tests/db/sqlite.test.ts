import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { asc, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { migrate } from '../../db/migrate.ts'
import { openSqliteConnection } from '../../db/sqlite-connection.ts'
import { openStore, type Store, type StoreConfig, type Tx } from '../../db/store.ts'
import { packageRoot } from '../../src/lib/package-root.ts'

let folder: string
let file: string
let stores: Store[]
let reported: unknown[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onequeue-sqlite-'))
  file = join(folder, 'test.db')
  stores = []
  reported = []
})
afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()))
  await rm(folder, { recursive: true, force: true })
})

async function open(config: Omit<StoreConfig, 'url'> = {}): Promise<Store> {
  const store = await openStore({ url: `file:${file}`, report: (error) => reported.push(error), ...config })
  stores.push(store)
  await migrate(store)
  return store
}

async function put(on: Pick<Tx, 'db' | 't'>, key: string, value: unknown = 1): Promise<void> {
  await on.db.insert(on.t.settings).values({ key, value })
}

async function keys(on: Pick<Store, 'db' | 't'>): Promise<string[]> {
  const rows = await on.db.select({ key: on.t.settings.key }).from(on.t.settings).orderBy(asc(on.t.settings.key))
  return rows.map(({ key }) => key)
}

/** Runs a statement as it stands, where drizzle has no builder for it. */
async function pragma(tx: Tx, text: string): Promise<void> {
  await tx.db.run(sql.raw(`pragma ${text}`))
}

describe('opening', () => {
  test('every connection has its pragmas, also on a file that exists already', async () => {
    const first = await open()
    await put(first, 'a')
    await first.close()
    for (const readonly of [false, true]) {
      const again = openSqliteConnection(file, { readonly: false })
      const connection = readonly ? openSqliteConnection(file, { readonly }) : again
      const pragmas = ['journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout', 'wal_autocheckpoint']
      const found = pragmas.map((name) => connection.database.pragma(name, { simple: true }))
      expect(found).toEqual(['wal', 2, 1, 0, 0])
      connection.close()
      if (readonly) again.close()
    }
  })

  test('makes the folder of a new file, and leaves no log behind after closing', async () => {
    file = join(folder, 'a', 'b', 'deep.db')
    const store = await open()
    await put(store, 'a')
    expect(existsSync(`${file}-wal`)).toBe(true)
    await store.close()
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['deep.db'])
  })

  test('what was committed is there after the process was killed without a word', async () => {
    const program = `
      import { openStore } from ${JSON.stringify(join(packageRoot, 'db/store.ts'))}
      import { migrate } from ${JSON.stringify(join(packageRoot, 'db/migrate.ts'))}
      const store = await openStore({ url: ${JSON.stringify(`file:${file}`)} })
      await migrate(store)
      await Promise.all(Array.from({ length: 20 }, (_, i) => store.tx(({ db, t }) => db.insert(t.settings).values({ key: 'k' + (10 + i), value: i }))))
      store.tx(async ({ db, t }) => { await db.insert(t.settings).values({ key: 'uncommitted', value: 1 }); await new Promise((resolve) => setTimeout(resolve, 100)); process.kill(process.pid, 'SIGKILL'); await new Promise(() => {}) })
    `
    const { signal } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], { cwd: packageRoot })
    expect(signal).toBe('SIGKILL')
    expect(await keys(await open())).toEqual(Array.from({ length: 20 }, (_, i) => `k${10 + i}`))
  })
})

describe('a database that cannot take writes', () => {
  test('held by another process for a moment: work waits and is done', async () => {
    const store = await open()
    const other = new Database(file)
    other.exec('begin immediate')
    const writing = store.tx((tx) => put(tx, 'patient'))
    await pause(30)
    expect(await keys(store)).toEqual([])
    other.exec('commit')
    other.close()
    await writing
    expect(await keys(store)).toEqual(['patient'])
  })

  test('held for longer: all that wait fail as unavailable, reads go on, and it recovers', async () => {
    const store = await open({ lockWaitMs: 50 })
    const other = new Database(file)
    other.exec('begin immediate')
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((key) => store.tx((tx) => put(tx, key))))
    expect(outcomes).toMatchObject(outcomes.map(() => ({ status: 'rejected', reason: { kind: 'unavailable' } })))
    expect(await keys(store)).toEqual([])
    other.exec('commit')
    other.close()
    await put(store, 'later')
    expect(await keys(store)).toEqual(['later'])
  })

  test('full: the work fails as unavailable, nothing is half-stored, and it recovers', async () => {
    const store = await open({ groupBudgetMs: 60_000 })
    await put(store, 'before')
    const big = 'x'.repeat(2_000_000)
    const full = store.tx(async (tx) => {
      await pragma(tx, 'max_page_count = 1')
      await put(tx, 'small')
      tx.append({ type: 'test', at: 1, actorType: 'system', data: {} })
      await put(tx, 'big', big)
    })
    const companion = store.tx((tx) => put(tx, 'companion', big))
    await expect(full).rejects.toMatchObject({ kind: 'unavailable', message: expect.not.stringContaining('xxx') })
    await expect(companion).rejects.toMatchObject({ kind: 'unavailable' })
    expect(await keys(store)).toEqual(['before'])
    expect(await store.db.select().from(store.t.events)).toEqual([])
    await store.tx((tx) => pragma(tx, 'max_page_count = 1000000'))
    await put(store, 'after', big)
    expect(await keys(store)).toEqual(['after', 'before'])
  })

  test('a COMMIT that fails fails all of its group, and the next group is whole', async () => {
    const store = await open({ groupBudgetMs: 60_000 })
    const told: number[] = []
    const ran: string[] = []
    store.onCommit((seq) => told.push(seq))
    const outcomes = await Promise.allSettled(
      ['a', 'breaks the commit', 'c'].map((key) =>
        store.tx(async (tx) => {
          await put(tx, key)
          tx.append({ type: 'test', at: 1, actorType: 'system', subjectId: key, data: {} })
          tx.afterCommit(() => ran.push(key))
          if (key.includes('breaks')) {
            await pragma(tx, 'defer_foreign_keys = on')
            await tx.db.insert(tx.t.consents).values({ id: '1', contactId: 'nobody', kind: 'k', granted: true, source: 's', createdAt: 1 })
          }
        }),
      ),
    )
    expect(outcomes).toMatchObject(outcomes.map(() => ({ status: 'rejected', reason: { kind: 'unavailable' } })))
    expect([await keys(store), await store.db.select().from(store.t.events), told, ran]).toEqual([[], [], [], []])
    await put(store, 'next')
    expect(await keys(store)).toEqual(['next'])
  })
})

describe('the log', () => {
  async function write(store: Store, megabytes: number, keyPrefix: string): Promise<void> {
    const blob = 'y'.repeat(500_000)
    for (let index = 0; index < megabytes * 2; index++) await put(store, `${keyPrefix}${index}`, blob)
  }

  test('is moved into the database file while the store is in use', async () => {
    const store = await open()
    const before = statSync(file).size
    await write(store, 4, 'k')
    await expect.poll(() => statSync(file).size, { timeout: 15_000, interval: 50 }).toBeGreaterThan(before + 3_000_000)
    expect(reported).toEqual([])
    expect(await keys(store)).toHaveLength(8)
  })

  test('is cut off again when the load has gone', async () => {
    const store = await open()
    await write(store, 12, 'k')
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(8_000_000)
    await expect.poll(() => statSync(`${file}-wal`).size, { timeout: 15_000, interval: 50 }).toBe(0)
    await put(store, 'still works')
    expect(reported).toEqual([])
  })

  test('stays bounded under load without a pause', async () => {
    const store = await open()
    await write(store, 150, 'k')
    expect(statSync(`${file}-wal`).size).toBeLessThan(100_000_000)
    expect(reported).toEqual([])
    expect(await keys(store)).toHaveLength(300)
  }, 60_000)
})

describe('a backup', () => {
  test('is whole and consistent while writers go on', async () => {
    const store = await open()
    for (let index = 0; index < 200; index++) await put(store, `k${index}`, 'z'.repeat(5_000))
    let running = true
    let pairs = 0
    const writing = (async () => {
      while (running) {
        const pair = pairs++
        await store.tx(async (tx) => {
          await put(tx, `pair${pair}.1`)
          await put(tx, `pair${pair}.2`)
        })
      }
    })()
    const copy = join(folder, 'copy.db')
    await store.backup(copy)
    running = false
    await writing
    const opened = new Database(copy, { readonly: true })
    expect(opened.pragma('integrity_check', { simple: true })).toBe('ok')
    const half = opened
      .prepare("select count(*) n from settings where key like 'pair%' group by substr(key, 1, instr(key, '.')) having n <> 2")
      .all()
    expect(half).toEqual([])
    expect(opened.prepare("select count(*) from settings where key like 'k%'").pluck().get()).toBe(200)
    opened.close()
    expect((await readdir(folder)).filter((name) => name.includes('part'))).toEqual([])
  })

  test('never replaces a file, and says where it could not write', async () => {
    const store = await open()
    const copy = join(folder, 'copy.db')
    await store.backup(copy)
    await expect(store.backup(copy)).rejects.toMatchObject({ kind: 'conflict' })
    await expect(store.backup(join(folder, 'none', 'copy.db'))).rejects.toMatchObject({ kind: 'unavailable' })
  })

  test('works for a database in memory', async () => {
    const store = await openStore({ url: 'file::memory:' })
    stores.push(store)
    await migrate(store)
    await put(store, 'kept')
    const copy = join(folder, 'copy.db')
    await store.backup(copy)
    const other = await openStore({ url: `file:${copy}` })
    stores.push(other)
    expect(await keys(other)).toEqual(['kept'])
  })
})

test('without the misuse guard, a use of the store that waits for itself ends with the time limit and is undone', async () => {
  const store = await open({ misuseGuard: false, transactionLimitMs: 50 })
  const misuse = store.tx(async (tx) => {
    await put(tx, 'outer')
    await store.tx((inner) => put(inner, 'inner'))
  })
  await expect(misuse).rejects.toMatchObject({ kind: 'unavailable' })
  await store.tx((tx) => put(tx, 'later'))
  expect((await keys(store)).toSorted()).toEqual(['inner', 'later'])
})
