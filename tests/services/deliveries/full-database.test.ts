import Database from 'better-sqlite3'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCentre } from '../../support/centre.ts'
import { factsOf, textsOf } from '../../support/facts.ts'
import { databases, startTestHub, type TestHub } from '../../support/hub.ts'
import { postEvents, textEvent } from '../../support/webhooks.ts'

/** Makes a database refuse writes for a while; the returned function lifts it. */
type Trouble = (hub: TestHub) => Promise<() => Promise<void>>

/** No page may be added; what is free is used up first. */
const sqliteFull: Trouble = async ({ ctx: { store } }) => {
  const limit = (pages: number) => store.maintain((connection) => connection.execute(`pragma max_page_count = ${pages}`))
  await limit(1)
  return async () => void (await limit(1_000_000))
}

const sqliteLocked: Trouble = async ({ config }) => {
  const other = new Database(config.databaseUrl.replace('file:', ''))
  other.exec('begin immediate')
  return async () => void other.close()
}

/** What PostgreSQL reports when its disk is full. */
const postgresFull: Trouble = async ({ config }) => {
  const admin = await connect(config.databaseUrl)
  await admin.query(
    `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'disk full' using errcode = '53100'; end $$`,
  )
  await admin.query('create trigger refuse before insert on messages for each row execute function refuse()')
  return async () => {
    await admin.query('drop trigger refuse on messages; drop function refuse')
    await admin.end()
  }
}

const postgresLocked: Trouble = async ({ config }) => {
  const admin = await connect(config.databaseUrl)
  await admin.query('begin; lock table messages in access exclusive mode')
  return async () => {
    await admin.query('rollback')
    await admin.end()
  }
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  await client.connect()
  return client
}

const troubles = { sqlite: { full: sqliteFull, locked: sqliteLocked }, postgres: { full: postgresFull, locked: postgresLocked } }

describe.each(databases)('a database that takes no writes, %s', (database) => {
  let hub: TestHub
  beforeAll(async () => {
    // The machine's clock: what gives up after a while does so by itself.
    hub = await startTestHub({ database, clock: 'system' })
  })
  afterAll(() => hub.stop())

  it.each(['full', 'locked'] as const)('%s: the webhook answers 503, nothing is half-stored, and the repeat is taken', async (kind) => {
    const { line, customer } = await makeCentre(hub)
    const known = customer().userId
    expect((await postEvents(line, [textEvent(known, 'before')])).status).toBe(200)
    const stranger = customer().userId
    // Too long for what is left of the pages that are there.
    const long = 'x'.repeat(200_000)
    const bodies = [[textEvent(stranger, `1 ${long}`), textEvent(stranger, `2 ${long}`)], [textEvent(known, `3 ${long}`)]]
    const before = await factsOf(hub, line.inboxId)
    const lift = await troubles[database][kind](hub)
    try {
      const answers = await Promise.all(bodies.map((events) => postEvents(line, events)))
      expect(answers.map(({ status }) => status)).toEqual([503, 503])
      expect(await answers[0]?.json()).toMatchObject({ status: 503, code: 'unavailable' })
    } finally {
      await lift()
    }
    expect(await factsOf(hub, line.inboxId)).toEqual(before)
    for (const events of bodies) expect((await postEvents(line, events)).status).toBe(200)
    const after = await factsOf(hub, line.inboxId)
    expect(textsOf(after.messages.filter(({ direction }) => direction === 'in')).map((text) => text.slice(0, 3))).toEqual([
      'bef',
      '3 x',
      '1 x',
      '2 x',
    ])
    expect(after.deliveries.map(({ status }) => status)).toEqual(['processed', 'processed', 'processed', 'processed'])
    hub.takeErrors()
    await hub.check()
  })
})
