/**
 * How much of bare better-sqlite3 the store keeps: the same ingest-like transaction of ten statements, the same group size,
 * the same pragmas, once by hand and once through `Store.tx` and `statement`.
 * Run: node --import tsx tests/bench/store-floor.ts [transactions] [waiting at once]
 */
import { mkdtempSync, rmSync } from 'node:fs'
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

/** One of the ways to do the same work, run slice by slice so that a busy machine burdens all alike. */
interface Contender {
  readonly name: string
  /** Does the transactions `from` … `from + count`. */
  run(from: number, count: number): Promise<void>
  close(): Promise<void>
  wallMs: number
  /** Of the whole process, the checkpoint thread included. */
  cpuMs: number
}

/** Keeps `waitingAtOnce` transactions waiting. */
async function throughStore(folder: string): Promise<Contender> {
  const { store, threads } = await freshStore(folder, 'store.db')
  const run = async (from: number, count: number): Promise<void> => {
    let next = from
    const worker = async (): Promise<void> => {
      while (next < from + count) {
        const item = itemFor(threads, next++)
        await store.tx((tx) => ingestOnce(tx, item))
      }
    }
    await Promise.all(Array.from({ length: waitingAtOnce }, worker))
  }
  return { name: 'store', run, close: () => store.close(), wallMs: 0, cpuMs: 0 }
}

/** Commits after each `waitingAtOnce` transactions, and checkpoints as SQLite does by itself. */
async function byHand(folder: string, name: string, savepoints: boolean): Promise<Contender> {
  const made = await freshStore(folder, `${name}.db`)
  await made.store.close()
  const database = new Database(made.file, { timeout: 0 })
  const pragmas = ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON', 'temp_store = MEMORY']
  for (const pragma of pragmas) database.pragma(pragma)
  const ingest = bareIngest(database)
  const prepared = (sql: string) => database.prepare(sql)
  const [begin, commit] = [prepared('begin immediate'), prepared('commit')]
  const [open, release] = [prepared('savepoint member'), prepared('release member')]
  const run = async (from: number, count: number): Promise<void> => {
    for (let done = 0; done < count; ) {
      begin.run()
      for (let member = 0; member < waitingAtOnce && done < count; member++, done++) {
        if (savepoints) open.run()
        ingest(itemFor(made.threads, from + done))
        if (savepoints) release.run()
      }
      commit.run()
      // Requests arrive on the event loop in all of them.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return { name, run, close: async () => void database.close(), wallMs: 0, cpuMs: 0 }
}

async function measure(contenders: readonly Contender[], slices: number): Promise<void> {
  const perSlice = Math.ceil(transactions / slices)
  // The first slice only warms up.
  for (let slice = 0; slice <= slices; slice++) {
    for (const contender of contenders) {
      const cpu = process.cpuUsage()
      const startedAtMs = performance.now()
      await contender.run(slice * perSlice, perSlice)
      if (slice === 0) continue
      const { user, system } = process.cpuUsage(cpu)
      contender.wallMs += performance.now() - startedAtMs
      contender.cpuMs += (user + system) / 1_000
    }
  }
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'onequeue-floor-'))
  const contenders = [await throughStore(folder), await byHand(folder, 'bare', false), await byHand(folder, 'bare with savepoints', true)]
  try {
    await measure(contenders, 20)
    report(contenders)
  } finally {
    for (const contender of contenders) await contender.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function report(contenders: readonly Contender[]): void {
  const [store, bare] = contenders
  if (!store || !bare) return
  for (const { name, wallMs, cpuMs } of contenders) {
    const rate = Math.round((transactions / wallMs) * 1_000)
    const us = (ms: number): string => `${((ms / transactions) * 1_000).toFixed(0)} µs`
    console.log(`${name.padEnd(22)} ${rate}/s, each ${us(wallMs)} of time and ${us(cpuMs)} of processor`)
  }
  const rateOf = ({ wallMs }: Contender): number => Math.round((transactions / wallMs) * 1_000)
  const figure = { id: 'store.floor', value: rateOf(store), unit: 'tx/s', limit: rateOf(bare) }
  const ratio = Number((bare.wallMs / store.wallMs).toFixed(2))
  const cpuRatio = Number((bare.cpuMs / store.cpuMs).toFixed(2))
  console.log(JSON.stringify({ ...figure, ratio, cpuRatio }))
}

await main()
