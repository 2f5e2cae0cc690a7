import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { migrate } from '../../db/migrate.ts'
import { type EventDraft, openStore, type Store } from '../../db/store.ts'
import { createLocalBroadcast } from '../../src/adapters/broadcast-local.ts'
import { createFakeClock } from '../../src/adapters/clock-fake.ts'
import { createLog } from '../../src/lib/log.ts'
import type { Broadcast } from '../../src/ports/broadcast.ts'
import { createLogTail, type LogBatch, type LogTail, pollMs } from '../../src/realtime/tail.ts'
import { createDatabase } from '../support/postgres.ts'
import { until } from './console.ts'

const log = createLog({ level: 'fatal' })
const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** Two nodes' stores on one database. */
async function twoStores(kind: 'sqlite' | 'postgres'): Promise<[Store, Store]> {
  let url: string
  if (kind === 'postgres') {
    const database = await createDatabase()
    ends.push(() => database.drop())
    url = database.url
  } else {
    const dir = await mkdtemp(join(tmpdir(), 'onequeue-tail-'))
    ends.push(() => rm(dir, { recursive: true, force: true }))
    url = `file:${join(dir, 'hub.db')}`
  }
  const first = await openStore({ url })
  await migrate(first)
  const second = await openStore({ url })
  ends.push(
    () => first.close(),
    () => second.close(),
  )
  return [first, second]
}

const event = (subjectId: string): EventDraft => ({
  type: 'contact.changed',
  at: 1,
  actorType: 'system',
  actorId: 'test',
  conversationId: null,
  subjectId,
  data: {},
})

const write = (store: Store, ...subjects: string[]) =>
  store.tx(async (tx) => {
    for (const subject of subjects) tx.append(event(subject))
  })

const clock = createFakeClock()

async function startTail(store: Store, broadcast: Broadcast): Promise<LogTail> {
  const tail = createLogTail({ store, clock, broadcast, log })
  await tail.start()
  ends.push(() => tail.stop())
  return tail
}

/** What a listener hears: its stretches, and the subjects of their events. */
function listen(tail: LogTail, wanted?: () => boolean) {
  const batches: LogBatch[] = []
  const stop = tail.subscribe((batch) => void batches.push(batch), wanted)
  return { batches, stop, subjects: () => batches.flatMap((batch) => batch.events.map((e) => e.subjectId)) }
}

/** A carrier that loses everything. */
const deaf: Broadcast = {
  publish: async () => undefined,
  subscribe: async () => () => undefined,
  onGap: () => () => undefined,
  stop: async () => undefined,
}

describe.each(['sqlite', 'postgres'] as const)('the log’s reader on %s', (kind) => {
  test('hands every committed event to all who listen, once, in order, in stretches without gaps', async () => {
    const [store] = await twoStores(kind)
    await write(store, 'before')
    const tail = await startTail(store, createLocalBroadcast(log))
    const [one, two] = [listen(tail), listen(tail)]
    const work = Array.from({ length: 200 }, (_, i) =>
      store.tx(async (tx) => {
        for (let k = 0; k < 6; k++) tx.append(event(`${i}.${k}`))
        if (i % 7 === 0) throw new Error('rolled back')
      }),
    )
    const settled = await Promise.allSettled(work)
    await tail.advance()
    const committed = settled.flatMap((result, i) => (result.status === 'fulfilled' ? [0, 1, 2, 3, 4, 5].map((k) => `${i}.${k}`) : []))
    expect(new Set(one.subjects())).toEqual(new Set(committed))
    expect(one.subjects()).toHaveLength(committed.length)
    expect(two.subjects()).toEqual(one.subjects())
    const seqs = one.batches.flatMap((batch) => batch.events.map((e) => e.seq))
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
    // Each stretch begins where the one before ended.
    let from = one.batches[0]?.upTo ?? 0
    for (const { events, upTo } of one.batches.slice(1)) {
      expect(events.every((e) => e.seq > from && e.seq <= upTo)).toBe(true)
      expect(upTo).toBeGreaterThanOrEqual(from)
      from = upTo
    }
    expect(tail.seq).toBe(from)
  })

  test('hears of another node’s commits by a hint, and by the clock when hints are lost', async () => {
    const [here, there] = await twoStores(kind)
    const carrier = createLocalBroadcast(log)
    const [hinted, lost] = [await startTail(here, carrier), await startTail(here, deaf)]
    await startTail(there, carrier)
    const [one, two] = [listen(hinted), listen(lost)]
    await write(there, 'elsewhere')
    await until('the hint has come', () => one.subjects().length === 1)
    expect(two.subjects()).toEqual([])
    await clock.advance(pollMs)
    await until('the clock has come', () => two.subjects().length === 1)
    expect([one.subjects(), two.subjects()]).toEqual([['elsewhere'], ['elsewhere']])
  })
})

describe('a listener', () => {
  test('first hears where the log stands', async () => {
    const [store] = await twoStores('sqlite')
    await write(store, 'a', 'b')
    const tail = await startTail(store, deaf)
    expect(listen(tail).batches).toEqual([{ events: [], upTo: 2 }])
  })

  test('that wants nothing is told how far the log has come, and gets what comes once it wants', async () => {
    const [store] = await twoStores('sqlite')
    const tail = await startTail(store, deaf)
    let wants = false
    const { batches, subjects } = listen(tail, () => wants)
    await write(store, 'a')
    await tail.advance()
    expect(batches.at(-1)).toEqual({ events: [], upTo: 1 })
    wants = true
    await write(store, 'b')
    await tail.advance()
    expect(subjects()).toEqual(['b'])
  })

  test('is waited for, and after its end hears nothing', async () => {
    const [store] = await twoStores('sqlite')
    const tail = await startTail(store, deaf)
    let release: () => void = () => undefined
    const held: LogBatch[] = []
    const stop = tail.subscribe((batch) => {
      held.push(batch)
      return batch.events.length === 0 ? undefined : new Promise<void>((resolve) => (release = resolve))
    })
    await write(store, 'a')
    await until('it has the first', () => held.length === 2)
    await write(store, 'b')
    const advanced = tail.advance()
    expect(held).toHaveLength(2)
    release()
    await until('it has the second', () => held.length === 3)
    release()
    await advanced
    stop()
    await write(store, 'c')
    await tail.advance()
    expect(held.flatMap((batch) => batch.events.map((e) => e.subjectId))).toEqual(['a', 'b'])
  })

  test('of a stretch longer than one page gets all of it', async () => {
    const [store, other] = await twoStores('sqlite')
    const tail = await startTail(store, deaf)
    const { subjects, batches } = listen(tail)
    const all = Array.from({ length: 1_700 }, (_, i) => `${i}`)
    await write(other, ...all)
    await tail.advance()
    expect(subjects()).toEqual(all)
    expect(batches.length).toBeGreaterThan(3)
  })
})
