import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { asc } from 'drizzle-orm'
import { afterEach, describe, expect, test } from 'vitest'
import { countPendingMigrations, migrate } from '../../db/migrate.ts'
import { openStore, type Store, type Tx } from '../../db/store.ts'
import { createDatabase } from '../support/postgres.ts'
import { openTestStore, storeKinds, type TestStore } from '../support/stores.ts'

async function put(on: Pick<Tx, 'db' | 't'>, key: string): Promise<void> {
  await on.db.insert(on.t.settings).values({ key, value: 1 })
}

async function keys(on: Pick<Store, 'db' | 't'>): Promise<string[]> {
  const rows = await on.db.select({ key: on.t.settings.key }).from(on.t.settings).orderBy(asc(on.t.settings.key))
  return rows.map(({ key }) => key)
}

// Long enough for the other transactions of a test on a loaded machine.
const limitMs = 400

/** A promise and the function that ends the wait for it. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

describe.each(storeKinds)('limits of the store on %s', (kind) => {
  let test_: TestStore | null = null
  const open = async (config: Parameters<typeof openTestStore>[1] = {}): Promise<Store> => {
    test_ = await openTestStore(kind, config)
    return test_.store
  }
  afterEach(async () => {
    await test_?.dispose()
    test_ = null
  })

  test('work that takes too long fails, is undone, and the others go on', async () => {
    const store = await open({ transactionLimitMs: limitMs })
    const { opened, open: release } = gate()
    let late: Promise<unknown> = Promise.resolve()
    const slow = store.tx(async (tx) => {
      await put(tx, 'slow')
      await opened
      late = put(tx, 'later').catch((error: unknown) => error)
      await late
    })
    const others = Promise.all([store.tx((tx) => put(tx, 'b')), store.tx((tx) => put(tx, 'c'))])
    await expect(slow).rejects.toMatchObject({ kind: 'unavailable', message: expect.stringContaining(`${limitMs} ms`) })
    await others
    release()
    await nextTurn()
    expect(await late).toMatchObject({ kind: 'bug' })
    expect(await keys(store)).toEqual(['b', 'c'])
  })

  test('a slow savepoint dies with its transaction', async () => {
    const store = await open({ transactionLimitMs: limitMs })
    const { opened, open: release } = gate()
    let late: unknown = null
    const slow = store.tx((tx) =>
      tx.savepoint(async (inner) => {
        await put(inner, 'slow')
        await opened
        late = await put(inner, 'later').catch((error: unknown) => error)
      }),
    )
    await expect(slow).rejects.toMatchObject({ kind: 'unavailable' })
    await put(store, 'fine')
    release()
    await nextTurn()
    await nextTurn()
    expect(late).toMatchObject({ kind: 'bug' })
    expect(await keys(store)).toEqual(['fine'])
  })

  test('one more than may wait is refused at once, the rest are served', async () => {
    const store = await open({ maxWaiting: 5, poolSize: 1 })
    const { opened, open: release } = gate()
    const first = store.tx(() => opened)
    await nextTurn()
    await nextTurn()
    const waiting = Array.from({ length: 5 }, (_, index) => store.tx((tx) => put(tx, `w${index}`)))
    await expect(store.tx((tx) => put(tx, 'one too many'))).rejects.toMatchObject({ kind: 'unavailable' })
    release()
    await first
    await Promise.all(waiting)
    expect(await keys(store)).toEqual(['w0', 'w1', 'w2', 'w3', 'w4'])
  })

  test('the asynchronous context of the caller holds inside its work and jobs', async () => {
    const store = await open()
    const request = new AsyncLocalStorage<number>()
    const seen = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        request.run(index, async () => {
          const seenInside: (number | undefined)[] = []
          await store.tx(async (tx) => {
            await put(tx, `c${index}`)
            seenInside.push(request.getStore())
            tx.afterCommit(() => seenInside.push(request.getStore()))
          })
          return [...seenInside, request.getStore()]
        }),
      ),
    )
    expect(seen).toEqual(Array.from({ length: 10 }, (_, index) => [index, index, index]))
  })

  test('closing waits for what runs and refuses what comes after', async () => {
    const store = await open()
    const { opened: started, open: start } = gate()
    const running = store.tx(async (tx) => {
      start()
      await nextTurn()
      await put(tx, 'a')
      return 'done'
    })
    await started
    const closed = Promise.all([store.close(), store.close()])
    await expect(store.tx((tx) => put(tx, 'b'))).rejects.toMatchObject({ kind: 'unavailable' })
    await expect(keys(store)).rejects.toMatchObject({ kind: 'unavailable' })
    await expect(store.ping()).rejects.toMatchObject({ kind: 'unavailable' })
    expect(await running).toBe('done')
    await closed
  })

  test('migrating again changes nothing; an unknown history is refused', async () => {
    const store = await open()
    expect(await countPendingMigrations(store)).toBe(0)
    expect(await migrate(store)).toBe(0)
    await store.maintain((connection) => connection.execute("update schema_migrations set hash = 'another' where number = 0"))
    await expect(migrate(store)).rejects.toMatchObject({ kind: 'conflict' })
    await expect(countPendingMigrations(store)).rejects.toMatchObject({ kind: 'conflict' })
  })

  test('a schema change that fails leaves nothing behind', async () => {
    const store = await open()
    const failing = store.maintain(async (connection) => {
      await connection.execute('create table half_done (id text)')
      await connection.execute('this is not sql')
    })
    await expect(failing).rejects.toThrow()
    await store.maintain((connection) => connection.execute('create table half_done (id text)'))
    await put(store, 'fine')
    expect(await keys(store)).toEqual(['fine'])
  })
})

describe.each(['sqlite-file', 'postgres'] as const)('two at once on %s', (kind) => {
  let opened: TestStore
  afterEach(() => opened.dispose())

  test('reads outside do not wait for a running writer, and see what is committed', async () => {
    opened = await openTestStore(kind)
    const { store } = opened
    const { opened: released, open: release } = gate()
    await put(store, 'before')
    const { opened: written, open: wrote } = gate()
    const writing = store.tx(async (tx) => {
      await put(tx, 'during')
      wrote()
      await released
    })
    await written
    expect(await keys(store)).toEqual(['before'])
    release()
    await writing
    expect(await keys(store)).toEqual(['before', 'during'])
  })

  test('a second store on the same database sees and writes the same rows', async () => {
    opened = await openTestStore(kind)
    const other = await openStore({ url: opened.url })
    try {
      const names = Array.from({ length: 40 }, (_, index) => `k${String(index).padStart(2, '0')}`)
      await Promise.all(names.map((name, index) => (index % 2 ? other : opened.store).tx((tx) => put(tx, name))))
      expect(await keys(opened.store)).toEqual(names)
      expect(await keys(other)).toEqual(names)
    } finally {
      await other.close()
    }
  })
})

test('two nodes may migrate one new PostgreSQL database at once', async () => {
  const database = await createDatabase()
  try {
    const applied = await Promise.all([migrate(database.url), migrate(database.url), migrate(database.url)])
    expect(applied.filter((count) => count > 0)).toHaveLength(1)
  } finally {
    await database.drop()
  }
})

test('an address of no known kind, or of no server, is refused with a sentence', async () => {
  await expect(openStore({ url: 'mysql://localhost/x' })).rejects.toMatchObject({ kind: 'invalid_input' })
  await expect(openStore({ url: 'postgres://x:secret@127.0.0.1:1/x', lockWaitMs: 200 })).rejects.toMatchObject({
    kind: 'unavailable',
    message: expect.not.stringContaining('secret'),
  })
  await expect(openStore({ url: 'file:/etc/hostname/x.db' })).rejects.toMatchObject({ kind: 'unavailable' })
})
