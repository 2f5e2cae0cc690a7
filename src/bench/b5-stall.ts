import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { makeCentre } from './centre.ts'
import { startBenchChild } from './child.ts'
import { introduceCustomers } from './customers.ts'
import { type Figure, figure } from './figures.ts'
import { Ingest } from './ingest.ts'
import { startHubProcess } from './processes.ts'
import { pinnedCores, type Workshop } from './workshop.ts'

const stallMs = 40_000
const perSecond = 120

/**
 * B5: an agent's console stops reading for 40 s (its process is stopped, its connection stays) while 120 messages a
 * second arrive; then it wakes. Lost is each conversation whose messages it does not know of once the server says that it
 * has been told everything.
 */
export async function measureStall(shop: Workshop): Promise<Figure[]> {
  const cores = pinnedCores(shop)
  const { server, load } = cores
  const centre = await makeCentre(shop.folder('b5'), 2)
  await introduceCustomers(shop, centre, cores)
  const hub = await startHubProcess(shop, { dataDir: centre.dataDir, core: server })
  const [client, sleeper, reader] = [startBenchChild(shop, load), startBenchChild(shop, load), startBenchChild(shop, load)]
  try {
    const ingest = new Ingest(centre, hub, client)
    const [one, two] = centre.agents.map(({ token }) => ({ port: hub.port, token }))
    if (one === undefined || two === undefined) throw new Error('The centre has no two agents.')
    await sleeper.ask('startPicture', one)
    await reader.ask('startPicture', two)
    const idle = hub.memory()
    shop.say('B5: an agent stalls for 40 s')
    sleeper.process.kill('SIGSTOP')
    const peak = watchPeak(() => hub.memory().rssKib)
    const ran = await ingest.open('text', perSecond, stallMs)
    await sleep(500)
    sleeper.process.kill('SIGCONT')
    const wokeMs = performance.now()
    const seq = newestSeq(centre.databaseFile)
    const woken = await sleeper.ask('readPicture', { seq, limitMs: 60_000 })
    const caughtUpMs = performance.now() - wokeMs
    const steady = await reader.ask('readPicture', { seq, limitMs: 30_000 })
    const rssKib = peak()
    const lost = (messages: readonly (readonly [string, number])[]) => lostOf(centre.databaseFile, ran.plan.run, new Map(messages))
    return [
      figure('B5.stalled.caught_up', caughtUpMs, 'ms', {
        missing: lost(woken.messages),
        note: `${woken.connects} connections, ${woken.resyncs} fresh loads${woken.inStep ? '' : ', not in step in time'}`,
      }),
      figure('B5.steady.conversations', steady.messages.length, 'conversations', { missing: lost(steady.messages) }),
      figure('B5.messages', ran.outcome.acked.length, 'webhooks', { note: `${ran.outcome.refused} not answered with 200` }),
      figure('B5.hub_rss_growth', (rssKib - idle.rssKib) / 1_024, 'MiB'),
      figure('B5.hub_rss_peak', rssKib / 1_024, 'MiB'),
    ]
  } finally {
    sleeper.process.kill('SIGCONT')
    for (const child of [client, sleeper, reader]) await child.close()
    await hub.stop()
  }
}

/** Looks at a value twice a second; the function it returns ends that and gives the highest. */
function watchPeak(read: () => number): () => number {
  let highest = read()
  const timer = setInterval(() => {
    highest = Math.max(highest, read())
  }, 500)
  return () => {
    clearInterval(timer)
    return Math.max(highest, read())
  }
}

function newestSeq(file: string): number {
  const database = new Database(file, { readonly: true })
  try {
    return Number(database.prepare("select max(seq) from events where type = 'message.created'").pluck().get())
  } finally {
    database.close()
  }
}

/** Conversations with messages of the run of which the picture knows fewer messages than there are. */
function lostOf(file: string, run: string, known: ReadonlyMap<string, number>): number {
  const database = new Database(file, { readonly: true })
  try {
    const rows = database
      .prepare('select id, message_count from conversations where id in (select conversation_id from messages where external_id glob ?)')
      .raw(true)
      .all(`${run}*`) as [string, number][]
    return rows.filter(([id, count]) => (known.get(id) ?? 0) < count).length
  } finally {
    database.close()
  }
}
