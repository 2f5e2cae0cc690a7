/**
 * How much of bare better-sqlite3 the store keeps: the same ingest-like transaction of ten statements, the same group size,
 * the same pragmas, once by hand and once through `Store.tx` and `statement`.
 * Run: node --import tsx tests/bench/store-floor.ts [transactions] [waiting at once]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { migrate } from '../../db/migrate.ts'
import { openStore, type Store } from '../../db/store.ts'
import { newId } from '../../src/lib/ids.ts'
import { bareIngest, type Ingest, ingestOnce, seedThreads, type Thread } from './store-floor-statements.ts'

const transactions = Number(process.argv[2] ?? 20_000)
const waitingAtOnce = Number(process.argv[3] ?? 64)

function itemFor(threads: readonly Thread[], index: number): Ingest {
  const thread = threads[(index * 7919) % threads.length]
  if (!thread) throw new Error('There are no threads.')
  const text = `訂單 ${index} 什麼時候會到？ Where is my order?`
  return {
    thread,
    deliveryId: newId(),
    messageId: newId(),
    externalId: `ext-${newId()}`,
    raw: JSON.stringify({ type: 'message', text, at: index }),
    text,
    now: 1_764_000_000_000 + index,
  }
}

async function freshStore(folder: string, name: string): Promise<{ store: Store; threads: Thread[]; file: string }> {
  const file = join(folder, name)
  const store = await openStore({ url: `file:${file}` })
  await migrate(store)
  return { store, threads: await seedThreads(store, 2_000), file }
}

/** Keeps `waitingAtOnce` transactions waiting until all are done; gives the rate per second. */
async function rateThroughStore(store: Store, threads: readonly Thread[]): Promise<number> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < transactions) await store.tx((tx) => ingestOnce(tx, itemFor(threads, next++)))
  }
  const startedAtMs = performance.now()
  await Promise.all(Array.from({ length: waitingAtOnce }, worker))
  return (transactions / (performance.now() - startedAtMs)) * 1_000
}

async function rateBare(file: string, threads: readonly Thread[], savepoints: boolean): Promise<number> {
  const database = new Database(file, { timeout: 0 })
  for (const pragma of [
    'journal_mode = WAL',
    'synchronous = FULL',
    'foreign_keys = ON',
    'wal_autocheckpoint = 1000',
    'temp_store = MEMORY',
  ])
    database.pragma(pragma)
  const ingest = bareIngest(database)
  const [begin, commit, open, release] = ['begin immediate', 'commit', 'savepoint member', 'release member'].map((sql) =>
    database.prepare(sql),
  )
  const startedAtMs = performance.now()
  for (let done = 0; done < transactions; ) {
    begin?.run()
    for (let member = 0; member < waitingAtOnce && done < transactions; member++, done++) {
      if (savepoints) open?.run()
      ingest(itemFor(threads, done))
      if (savepoints) release?.run()
    }
    commit?.run()
    // Requests arrive on the event loop in both runs.
    await new Promise((resolve) => setImmediate(resolve))
  }
  const rate = (transactions / (performance.now() - startedAtMs)) * 1_000
  database.close()
  return rate
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'onequeue-floor-'))
  try {
    const rounds: { store: number; bare: number; bareSavepoints: number }[] = []
    for (let round = 0; round < 3; round++) {
      const ours = await freshStore(folder, `store-${round}.db`)
      const store = await rateThroughStore(ours.store, ours.threads)
      const walBytes = statSync(`${ours.file}-wal`).size
      await ours.store.close()
      const bare = await bareRate(folder, `bare-${round}.db`, false)
      const bareSavepoints = await bareRate(folder, `savepoints-${round}.db`, true)
      rounds.push({ store, bare, bareSavepoints })
      print(round, store, bare, bareSavepoints, walBytes)
    }
    const median = (pick: (round: (typeof rounds)[number]) => number): number => rounds.map(pick).sort((a, b) => a - b)[1] ?? 0
    console.log(
      JSON.stringify({
        id: 'store.floor',
        value: Math.round(median((r) => r.store)),
        unit: 'tx/s',
        limit: Math.round(median((r) => r.bare)),
        ratio: Number(median((r) => r.store / r.bare).toFixed(2)),
      }),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function bareRate(folder: string, name: string, savepoints: boolean): Promise<number> {
  const made = await freshStore(folder, name)
  await made.store.close()
  return rateBare(made.file, made.threads, savepoints)
}

function print(round: number, store: number, bare: number, bareSavepoints: number, walBytes: number): void {
  const us = (rate: number): string => `${(1e6 / rate).toFixed(0)} µs`
  console.log(
    `round ${round + 1}: store ${store.toFixed(0)}/s (${us(store)}), bare ${bare.toFixed(0)}/s (${us(bare)}), bare with savepoints ${bareSavepoints.toFixed(0)}/s (${us(bareSavepoints)}), ` +
      `ratio ${(store / bare).toFixed(2)} / ${(store / bareSavepoints).toFixed(2)}, log ${(walBytes / 1048576).toFixed(1)} MiB`,
  )
}

await main()
