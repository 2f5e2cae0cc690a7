import { and, asc, eq, inArray, ne, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dayBucket, ilike, isUniqueViolation, likeLiteral } from '../../db/portable.ts'
import { statement } from '../../db/statement.ts'
import type { Store, Tx } from '../../db/store.ts'
import { newId } from '../../src/lib/ids.ts'
import { openTestStore, storeKinds, type TestStore } from '../support/stores.ts'

const p = sql.placeholder

const insertPoint = statement<
  { id: string; contactId: string; address: string; verified: boolean; blockedAt: number | null },
  { id: string; verified: boolean; blockedAt: number | null }
>('test.insert_point', ({ db, t }) =>
  db
    .insert(t.contactPoints)
    .values({
      id: p('id'),
      contactId: p('contactId'),
      kind: 'line',
      address: p('address'),
      verified: p('verified'),
      blockedAt: p('blockedAt'),
      createdAt: 7,
    })
    .returning({
      id: t.contactPoints.id,
      verified: t.contactPoints.verified,
      blockedAt: t.contactPoints.blockedAt,
    }),
)

const insertContact = statement<{ id: string; companyId: string | null; fields: Record<string, string> }, never>(
  'test.insert_contact',
  ({ db, t }) =>
    db.insert(t.contacts).values({
      id: p('id'),
      name: "O'Brien ? $1 「?」",
      companyId: p('companyId'),
      fields: p('fields'),
      createdAt: -1,
      updatedAt: 2,
    }),
)

const contactById = statement<{ id: string }, Store['t']['contacts']['$inferSelect']>('test.contact', ({ db, t }) =>
  db
    .select()
    .from(t.contacts)
    .where(eq(t.contacts.id, p('id'))),
)

const contactWithCompany = statement<
  { id: string },
  { contact: { id: string; fields: unknown }; company: { id: string; name: string } | null; double: number }
>('test.contact_with_company', ({ db, t }) =>
  db
    .select({
      contact: { id: t.contacts.id, fields: t.contacts.fields },
      company: { id: t.companies.id, name: t.companies.name },
      double: sql<number>`${t.contacts.updatedAt} * 2`.mapWith(Number),
    })
    .from(t.contacts)
    .leftJoin(t.companies, eq(t.companies.id, t.contacts.companyId))
    .where(eq(t.contacts.id, p('id'))),
)

const rename = statement<{ id: string; name: string; fields: Record<string, string> }, { name: string }>('test.rename', ({ db, t }) =>
  db
    .update(t.contacts)
    .set({ name: sql`${p('name')}`, fields: sql`${sql.param(p('fields'), t.contacts.fields)}` })
    .where(eq(t.contacts.id, p('id')))
    .returning({ name: t.contacts.name }),
)

describe.each(storeKinds)('statements on %s', (kind) => {
  let opened: TestStore
  let store: Store

  beforeAll(async () => {
    opened = await openTestStore(kind)
    store = opened.store
  })
  afterAll(() => opened.dispose())

  async function contact(on: Store | Tx, companyId: string | null = null): Promise<string> {
    const id = newId()
    await insertContact(on, { id, companyId, fields: { plan: 'gold' } })
    return id
  }

  test('writes and reads, on the store and in a transaction, with constants of any look', async () => {
    const alone = await contact(store)
    const inside = await store.tx(async (tx) => {
      const id = await contact(tx)
      expect(await contactById(tx, { id })).toHaveLength(1)
      return id
    })
    for (const id of [alone, inside]) {
      expect(await contactById(store, { id })).toEqual([
        {
          id,
          name: "O'Brien ? $1 「?」",
          companyId: null,
          locale: null,
          fields: { plan: 'gold' },
          avatarUrl: null,
          createdAt: -1,
          updatedAt: 2,
        },
      ])
    }
    expect(await contactById(store, { id: 'none' })).toEqual([])
  })

  test('gives rows as the builder gives them', async () => {
    const id = await contact(store)
    const built = await store.db.select().from(store.t.contacts).where(eq(store.t.contacts.id, id))
    expect(await contactById(store, { id })).toEqual(built)
  })

  test('booleans and null go through placeholders', async () => {
    const contactId = await contact(store)
    for (const values of [
      { verified: true, blockedAt: null },
      { verified: false, blockedAt: 1_764_000_000_000 },
    ]) {
      const id = newId()
      expect(await insertPoint(store, { id, contactId, address: id, ...values })).toEqual([{ id, ...values }])
    }
  })

  test('joined tables stand in objects of their own, null when nothing was joined', async () => {
    const companyId = newId()
    await store.db.insert(store.t.companies).values({ id: companyId, name: 'ACME', createdAt: 1 })
    const without = await contact(store)
    const within = await contact(store, companyId)
    expect(await contactWithCompany(store, { id: without })).toEqual([
      { contact: { id: without, fields: { plan: 'gold' } }, company: null, double: 4 },
    ])
    expect(await contactWithCompany(store, { id: within })).toEqual([
      { contact: { id: within, fields: { plan: 'gold' } }, company: { id: companyId, name: 'ACME' }, double: 4 },
    ])
  })

  test('an update returns what it changed; a rollback takes it back', async () => {
    const id = await contact(store)
    expect(await rename(store, { id, name: 'New', fields: { a: 'b' } })).toEqual([{ name: 'New' }])
    const failing = store.tx(async (tx) => {
      await rename(tx, { id, name: 'Lost', fields: {} })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await contactById(store, { id })).toMatchObject([{ name: 'New', fields: { a: 'b' } }])
  })

  test('a missing value is refused by its name, before anything runs', async () => {
    const incomplete = { id: newId(), companyId: null } as unknown as Parameters<typeof insertContact>[1]
    await expect(insertContact(store, incomplete)).rejects.toMatchObject({
      kind: 'bug',
      message: expect.stringContaining('"fields"'),
    })
    await expect(store.tx((tx) => insertContact(tx, incomplete))).rejects.toMatchObject({ kind: 'bug' })
  })

  test('unique violations are recognised', async () => {
    const contactId = await contact(store)
    const point = { contactId, address: newId(), verified: true, blockedAt: null }
    await insertPoint(store, { id: newId(), ...point })
    const again = insertPoint(store, { id: newId(), ...point })
    await expect(again).rejects.toSatisfy((error) => isUniqueViolation(error, ['kind', 'address']))
  })

  test('the same statement runs in many transactions at once', async () => {
    const ids = await Promise.all(Array.from({ length: 60 }, () => store.tx((tx) => contact(tx))))
    const found = await store.db.select({ id: store.t.contacts.id }).from(store.t.contacts).where(inArray(store.t.contacts.id, ids))
    expect(found).toHaveLength(60)
  })

  test('ilike ignores case and takes escaped wildcards literally', async () => {
    const { t, db } = store
    for (const name of ['Alpha 50% off', 'ALPHA 500 off', 'beta_x', 'betaYx', 'back\\slash']) {
      await db.insert(t.companies).values({ id: newId(), name, createdAt: 99 })
    }
    const named = async (pattern: string): Promise<string[]> =>
      (
        await db
          .select({ name: t.companies.name })
          .from(t.companies)
          .where(and(eq(t.companies.createdAt, 99), ilike(store.dialect, t.companies.name, pattern)))
          .orderBy(asc(t.companies.name))
      ).map(({ name }) => name)
    expect(await named('alpha%')).toEqual(['ALPHA 500 off', 'Alpha 50% off'])
    expect(await named(`${likeLiteral('alpha 50%')}%`)).toEqual(['Alpha 50% off'])
    expect(await named(`${likeLiteral('beta_')}%`)).toEqual(['beta_x'])
    expect(await named(`%${likeLiteral('\\')}%`)).toEqual(['back\\slash'])
  })

  test('dayBucket groups instants by the day of an offset', async () => {
    const { t, db } = store
    const scope = newId()
    const instants = ['2026-03-01T00:00:00Z', '2026-03-01T15:59:59Z', '2026-03-01T16:00:00Z', '2026-03-02T15:59:59.999Z'].map(Date.parse)
    for (const value of instants) await db.insert(t.counters).values({ scope, name: String(value), value })
    const days = async (offsetMs: number): Promise<{ day: number; n: number }[]> => {
      const day = dayBucket(t.counters.value, offsetMs)
      return db
        .select({ day, n: sql<number>`count(*)` })
        .from(t.counters)
        .where(and(eq(t.counters.scope, scope), ne(t.counters.name, '')))
        .groupBy(day)
        .orderBy(day)
    }
    expect(await days(0)).toEqual([
      { day: Date.parse('2026-03-01T00:00:00Z'), n: 3 },
      { day: Date.parse('2026-03-02T00:00:00Z'), n: 1 },
    ])
    expect(await days(8 * 3_600_000)).toEqual([
      { day: Date.parse('2026-02-28T16:00:00Z'), n: 2 },
      { day: Date.parse('2026-03-01T16:00:00Z'), n: 2 },
    ])
  })
})
