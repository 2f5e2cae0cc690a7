import { setImmediate as nextTurn } from 'node:timers/promises'
import { asc, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { isUniqueViolation, uniqueViolationOf } from '../../db/portable.ts'
import type { EventDraft, Store, Tx } from '../../db/store.ts'
import { newId } from '../../src/lib/ids.ts'
import { openTestStore, storeKinds, type TestStore } from '../support/stores.ts'

const at = 1_764_000_000_000

function eventAbout(subjectId: string): EventDraft {
  return { type: 'test.happened', at, actorType: 'system', subjectId, data: { about: subjectId } }
}

async function put(on: Pick<Tx, 'db' | 't'>, key: string, value: unknown): Promise<void> {
  await on.db.insert(on.t.settings).values({ key, value })
}

async function keys(on: Pick<Store, 'db' | 't'>): Promise<string[]> {
  const rows = await on.db.select({ key: on.t.settings.key }).from(on.t.settings).orderBy(asc(on.t.settings.key))
  return rows.map(({ key }) => key)
}

async function subjects({ db, t }: Pick<Store, 'db' | 't'>): Promise<(string | null)[]> {
  const rows = await db.select({ subjectId: t.events.subjectId }).from(t.events).orderBy(asc(t.events.seq))
  return rows.map(({ subjectId }) => subjectId)
}

class Refusal extends Error {}

describe.each(storeKinds)('transactions on %s', (kind) => {
  let opened: TestStore
  let store: Store

  beforeAll(async () => {
    opened = await openTestStore(kind)
    store = opened.store
  })
  afterAll(() => opened.dispose())
  beforeEach(async () => {
    await store.db.delete(store.t.settings)
    await store.db.delete(store.t.events)
    opened.reported.length = 0
  })

  test('a transaction gives back what its work gives and keeps what it wrote', async () => {
    const result = await store.tx(async (tx) => {
      await put(tx, 'a', 1)
      expect(await keys(tx)).toEqual(['a'])
      return 42
    })
    expect(result).toBe(42)
    expect(await keys(store)).toEqual(['a'])
  })

  test('work that throws, at once or later, leaves nothing and its own error comes out', async () => {
    const early = store.tx(() => {
      throw new Refusal('early')
    })
    await expect(early).rejects.toThrow(Refusal)
    const late = store.tx(async (tx) => {
      await put(tx, 'a', 1)
      tx.append(eventAbout('a'))
      throw new Refusal('late')
    })
    await expect(late).rejects.toThrow(Refusal)
    expect(await keys(store)).toEqual([])
    expect(await subjects(store)).toEqual([])
  })

  test('of many that wait at once, those that fail undo themselves alone', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) =>
        store.tx(async (tx) => {
          await put(tx, `k${String(index).padStart(2, '0')}`, index)
          tx.append(eventAbout(`k${index}`))
          if (index % 4 === 3) throw new Refusal(`no ${index}`)
          return index
        }),
      ),
    )
    const expected = Array.from({ length: 40 }, (_, index) => index).filter((index) => index % 4 !== 3)
    expect(outcomes.flatMap((o) => (o.status === 'fulfilled' ? [o.value] : []))).toEqual(expected)
    expect(outcomes.flatMap((o) => (o.status === 'rejected' ? [o.reason.message] : []))).toEqual(
      [3, 7, 11, 15, 19, 23, 27, 31, 35, 39].map((n) => `no ${n}`),
    )
    expect(await keys(store)).toEqual(expected.map((index) => `k${String(index).padStart(2, '0')}`))
    expect(new Set(await subjects(store))).toEqual(new Set(expected.map((index) => `k${index}`)))
  })

  test('a savepoint that throws is undone with its events and jobs, and the transaction goes on', async () => {
    const ran: string[] = []
    await store.tx(async (tx) => {
      await put(tx, 'outer', 1)
      tx.append(eventAbout('outer'))
      tx.afterCommit(() => ran.push('outer'))
      const inner = tx.savepoint(async (sp) => {
        await put(sp, 'inner', 1)
        sp.append(eventAbout('inner'))
        sp.afterCommit(() => ran.push('inner'))
        throw new Refusal('inner')
      })
      await expect(inner).rejects.toThrow(Refusal)
      await put(tx, 'then', 1)
      tx.append(eventAbout('then'))
    })
    expect(await keys(store)).toEqual(['outer', 'then'])
    expect(await subjects(store)).toEqual(['outer', 'then'])
    expect(ran).toEqual(['outer'])
  })

  test('savepoints nest: what an outer one undoes includes what its inner ones kept', async () => {
    const ran: string[] = []
    await store.tx(async (tx) => {
      const outer = tx.savepoint(async (one) => {
        const kept = await one.savepoint(async (two) => {
          await put(two, 'two', 2)
          two.append(eventAbout('two'))
          two.afterCommit(() => ran.push('two'))
          return 'kept'
        })
        expect(kept).toBe('kept')
        expect(await keys(one)).toEqual(['two'])
        throw new Refusal('outer')
      })
      await expect(outer).rejects.toThrow(Refusal)
      await tx.savepoint(async (one) => {
        await put(one, 'one', 1)
        const lost = one.savepoint(async (two) => {
          await put(two, 'lost', 2)
          throw new Refusal('two')
        })
        await expect(lost).rejects.toThrow(Refusal)
        one.append(eventAbout('one'))
        one.afterCommit(() => ran.push('one'))
      })
    })
    expect(await keys(store)).toEqual(['one'])
    expect(await subjects(store)).toEqual(['one'])
    expect(ran).toEqual(['one'])
  })

  test('after-commit jobs run after the commit, in order, and not after a rollback', async () => {
    const ran: string[] = []
    const seenByJob: Promise<string[]>[] = []
    await store.tx(async (tx) => {
      tx.afterCommit(() => ran.push('first'))
      await put(tx, 'a', 1)
      await tx.savepoint(async (inner) => inner.afterCommit(() => ran.push('second')))
      tx.afterCommit(() => {
        ran.push('third')
        seenByJob.push(keys(store))
      })
      expect(ran).toEqual([])
    })
    expect(ran).toEqual(['first', 'second', 'third'])
    expect(await Promise.all(seenByJob)).toEqual([['a']])
    const failed = store.tx(async (tx) => {
      tx.afterCommit(() => ran.push('never'))
      throw new Refusal('no')
    })
    await expect(failed).rejects.toThrow(Refusal)
    expect(ran).toEqual(['first', 'second', 'third'])
  })

  test('a job or listener that throws is reported and harms nothing', async () => {
    const ran: string[] = []
    const stop = store.onCommit(() => {
      throw new Refusal('listener')
    })
    await store.tx(async (tx) => {
      await put(tx, 'a', 1)
      tx.append(eventAbout('a'))
      tx.afterCommit(() => {
        throw new Refusal('job')
      })
      tx.afterCommit(() => ran.push('next'))
    })
    stop()
    expect(ran).toEqual(['next'])
    expect(opened.reported.map((error) => (error instanceof Refusal ? error.message : error))).toEqual(['job', 'listener'])
  })

  test('onCommit tells the newest seq of each commit that wrote events, and nothing else', async () => {
    const told: number[] = []
    const stop = store.onCommit((seq) => told.push(seq))
    await store.tx((tx) => put(tx, 'silent', 1))
    expect(told).toEqual([])
    await store.tx(async (tx) => {
      for (const name of ['a', 'b', 'c']) tx.append(eventAbout(name))
    })
    const [newest] = await store.db.select({ seq: sql<number>`max(${store.t.events.seq})` }).from(store.t.events)
    expect(told).toEqual([newest?.seq])
    stop()
    await store.tx(async (tx) => tx.append(eventAbout('d')))
    expect(told).toHaveLength(1)
  })

  test('events keep their fields and stand in the order of the calls', async () => {
    await store.tx(async (tx) => {
      tx.append({
        type: 'a.b',
        at,
        actorType: 'agent',
        actorId: 'x',
        conversationId: 'c',
        subjectId: 's',
        data: { n: 1, text: "it's 「好」" },
      })
      tx.append({ type: 'c.d', at: at + 1, actorType: 'system', data: {} })
    })
    const rows = await store.db.select().from(store.t.events).orderBy(asc(store.t.events.seq))
    expect(rows.map(({ seq, ...rest }) => (seq > 0 ? rest : null))).toEqual([
      {
        type: 'a.b',
        at,
        actorType: 'agent',
        actorId: 'x',
        conversationId: 'c',
        subjectId: 's',
        data: { n: 1, text: "it's 「好」" },
      },
      { type: 'c.d', at: at + 1, actorType: 'system', actorId: null, conversationId: null, subjectId: null, data: {} },
    ])
  })

  test('a reader that tails the log misses nothing while 200 transactions race', async () => {
    let running = true
    const seen: { seq: number; subjectId: string | null }[] = []
    const tail = async (): Promise<void> => {
      const after = seen.at(-1)?.seq ?? 0
      const { events } = store.t
      seen.push(
        ...(await store.db
          .select({ seq: events.seq, subjectId: events.subjectId })
          .from(events)
          .where(sql`${events.seq} > ${after}`)
          .orderBy(asc(events.seq))),
      )
    }
    const reader = (async () => {
      while (running) {
        await tail()
        await nextTurn()
      }
    })()
    const committed: string[] = []
    await Promise.allSettled(
      Array.from({ length: 200 }, (_, index) =>
        store.tx(async (tx) => {
          tx.append(eventAbout(`${index}.1`))
          await put(tx, `race${index}`, index)
          if (index % 10 === 9) throw new Refusal('some roll back')
          tx.append(eventAbout(`${index}.2`))
          tx.afterCommit(() => committed.push(`${index}.1`, `${index}.2`))
        }),
      ),
    )
    running = false
    await reader
    await tail()
    expect(committed).toHaveLength(360)
    // What the tail collected step by step is the whole log: no row became visible behind one already read.
    expect(seen.map(({ subjectId }) => subjectId)).toEqual(await subjects(store))
    expect(new Set(seen.map(({ subjectId }) => subjectId))).toEqual(new Set(committed))
    const order = seen.map(({ subjectId }) => subjectId)
    for (let index = 0; index < order.length; index += 2) expect(order[index + 1]).toBe(order[index]?.replace('.1', '.2'))
  })

  test('of 50 racers for one conditional update, one wins', async () => {
    const { t } = store
    const id = newId()
    await store.db.insert(t.leases).values({ name: id, holder: '', token: 0, expiresAt: at })
    const wins = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        store.tx(async (tx) => {
          const won = await tx.db
            .update(t.leases)
            .set({ holder: `racer ${index}`, token: sql`${t.leases.token} + 1` })
            .where(sql`${eq(t.leases.name, id)} and ${eq(t.leases.holder, '')}`)
            .returning({ token: t.leases.token })
          return won.length
        }),
      ),
    )
    expect(wins.filter((count) => count === 1)).toHaveLength(1)
    const [row] = await store.db.select().from(t.leases).where(eq(t.leases.name, id))
    expect(row?.token).toBe(1)
  })

  test('a unique violation says so, in a savepoint it leaves the transaction whole', async () => {
    await put(store, 'taken', 1)
    const alone = put(store, 'taken', 2)
    await expect(alone).rejects.toSatisfy(
      (error) => isUniqueViolation(error) && isUniqueViolation(error, ['key']) && !isUniqueViolation(error, ['value']),
    )
    await store.tx(async (tx) => {
      const violation = await tx
        .savepoint((inner) => put(inner, 'taken', 3))
        .then(
          () => null,
          (error: unknown) => uniqueViolationOf(error),
        )
      expect(violation).toMatchObject({ table: 'settings', columns: ['key'] })
      await put(tx, 'free', 1)
    })
    expect(await keys(store)).toEqual(['free', 'taken'])
    expect(isUniqueViolation(new Refusal('other'))).toBe(false)
    expect(isUniqueViolation(new Error('outer', { cause: { code: '23505' } }))).toBe(true)
  })

  test('after a failed statement outside a savepoint the transaction cannot go on, whatever its work does', async () => {
    await put(store, 'taken', 1)
    const stubborn = store.tx(async (tx) => {
      await put(tx, 'before', 1)
      await put(tx, 'taken', 2).catch(() => undefined)
      return 'ignored it'
    })
    await expect(stubborn).rejects.toMatchObject({ kind: 'bug' })
    const goingOn = store.tx(async (tx) => {
      await put(tx, 'taken', 2).catch(() => undefined)
      await put(tx, 'after', 1)
    })
    await expect(goingOn).rejects.toMatchObject({ kind: 'bug' })
    expect(await keys(store)).toEqual(['taken'])
  })

  test('the store refuses to be used inside a running transaction, and works again after it', async () => {
    const misuses: ((tx: Tx) => Promise<unknown>)[] = [
      () => keys(store),
      () => put(store, 'x', 1),
      () => store.tx(async () => undefined),
      () => store.maintain(async () => undefined),
      async () => {
        await nextTurn()
        await keys(store)
      },
      (tx) => tx.savepoint(() => keys(store)),
    ]
    for (const misuse of misuses)
      await expect(store.tx(misuse)).rejects.toMatchObject({
        kind: 'bug',
        message: expect.stringContaining('inside a running transaction'),
      })
    expect(await keys(store)).toEqual([])
  })

  test('a tx is dead after its end, and the outer one while a savepoint is open', async () => {
    const kept: Tx[] = []
    await store.tx(async (tx) => {
      kept.push(tx)
      await tx.savepoint(async (inner) => {
        kept.push(inner)
        await expect(put(tx, 'x', 1)).rejects.toMatchObject({ kind: 'bug' })
        expect(() => tx.append(eventAbout('x'))).toThrow('savepoint')
        expect(() => tx.afterCommit(() => undefined)).toThrow('savepoint')
        await expect(tx.savepoint(async () => undefined)).rejects.toMatchObject({ kind: 'bug' })
      })
      await put(tx, 'y', 1)
    })
    for (const dead of kept) {
      await expect(put(dead, 'z', 1)).rejects.toMatchObject({ kind: 'bug' })
      await expect(keys(dead)).rejects.toMatchObject({ kind: 'bug' })
      expect(() => dead.append(eventAbout('z'))).toThrow('over')
      await expect(dead.savepoint(async () => undefined)).rejects.toMatchObject({ kind: 'bug' })
    }
    expect(await keys(store)).toEqual(['y'])
  })

  test('a savepoint left open when its transaction ends keeps nothing', async () => {
    let go: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      go = resolve
    })
    let stray: Promise<unknown> = Promise.resolve()
    const careless = store.tx(async (tx) => {
      await put(tx, 'a', 1)
      stray = tx.savepoint(async (inner) => {
        await put(inner, 'b', 1)
        await held
        await put(inner, 'c', 1)
      })
      stray.catch(() => undefined)
    })
    await expect(careless).rejects.toMatchObject({ kind: 'bug' })
    go()
    await expect(stray).rejects.toMatchObject({ kind: 'bug' })
    await put(store, 'fine', 1)
    expect(await keys(store)).toEqual(['fine'])
  })

  test('json, booleans, instants and null come back as they went in', async () => {
    const { t } = store
    const values: unknown[] = [{ a: [1, 'two', null, { 三: true }] }, [], 'plain text', '"quoted"', '123', 0, false, null]
    for (const [index, value] of values.entries()) await put(store, `json${index}`, value ?? { none: null })
    const rows = await store.db.select().from(t.settings).orderBy(asc(t.settings.key))
    expect(rows.map(({ value }) => value)).toEqual(values.map((value) => value ?? { none: null }))

    const contactId = newId()
    const far = 9_007_199_254_740_991
    await store.db.insert(t.contacts).values({ id: contactId, name: 'A', fields: { plan: 'gold' }, createdAt: 0, updatedAt: far })
    await store.db
      .insert(t.contactPoints)
      .values({ id: newId(), contactId, kind: 'line', address: `U:${contactId}`, verified: true, createdAt: at })
    const [contact] = await store.db.select().from(t.contacts).where(eq(t.contacts.id, contactId))
    expect(contact).toMatchObject({ fields: { plan: 'gold' }, companyId: null, createdAt: 0, updatedAt: far })
    const [point] = await store.db.select().from(t.contactPoints).where(eq(t.contactPoints.verified, true))
    expect(point).toMatchObject({ contactId, verified: true, blockedAt: null, createdAt: at })
  })

  test('aggregates come as numbers', async () => {
    for (const [index, key] of ['a', 'b', 'c'].entries())
      await store.db.insert(store.t.cursors).values({ name: `${key}.${newId()}`, seq: index + 1 })
    const { cursors } = store.t
    const [row] = await store.db
      .select({
        n: sql<number>`count(*)`,
        total: sql<number>`sum(${cursors.seq})`,
        most: sql<number>`max(${cursors.seq})`,
      })
      .from(cursors)
    expect(row).toEqual({ n: 3, total: 6, most: 3 })
  })

  test('ping answers', async () => {
    await expect(store.ping()).resolves.toBeUndefined()
  })
})
