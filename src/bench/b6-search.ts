import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { indexAll } from '../services/search/index-next.ts'
import { conversations, messagesEach, queries, textOf } from './b6-texts.ts'
import { centreWithOne } from './b8-lists.ts'
import { growTo } from './bulk.ts'
import { type Centre, withCentreContext } from './centre.ts'
import { startBenchChild } from './child.ts'
import { type Figure, figure } from './figures.ts'
import { spreadOf } from './percentiles.ts'
import { startHubProcess } from './processes.ts'
import { pinnedCores, type Workshop } from './workshop.ts'

/** One conversation in so many is in a queue of another team, which the one who searches may not see. */
const foreignEvery = 3

/** B6: the first page of a search by an agent who sees the conversations of one team, in a history of ten messages in each of `size` conversations. */
export async function measureSearch(shop: Workshop, size = conversations): Promise<Figure[]> {
  const centre = await centreWithOne(shop, 'b6')
  shop.say(`B6: ${size * messagesEach} messages`)
  growTo(centre, size)
  fillMessages(centre, size)
  const bytesBefore = statSync(centre.databaseFile).size
  shop.say('B6: indexing')
  const startedMs = performance.now()
  await withCentreContext(centre.dataDir, ({ store }) => indexAll(store))
  const tookS = (performance.now() - startedMs) / 1_000
  checkpoint(centre)
  const figures = [
    figure('B6.index.rate', (size * messagesEach) / tookS, 'messages/s'),
    figure('B6.index.size', (statSync(centre.databaseFile).size - bytesBefore) / 2 ** 20, 'MiB'),
  ]
  const bareMs = bareSearch(centre)
  const { server, load } = pinnedCores(shop)
  const hub = await startHubProcess(shop, { dataDir: centre.dataDir, core: server })
  const client = startBenchChild(shop, load)
  try {
    const token = centre.agents[1]?.token ?? ''
    for (const { name, q, hits } of queries) {
      const { p50, p99 } = await client.ask('searches', { port: hub.port, token, q, count: 100 * shop.runs, hits })
      figures.push(
        figure(`B6.${name}.p50`, p50, 'ms', name === 'cjk2.common' ? { limit: bareMs } : {}),
        figure(`B6.${name}.p99`, p99, 'ms'),
      )
    }
  } finally {
    await client.close()
    await hub.stop()
  }
  return figures
}

/** Gives each conversation its messages, in the order in which they would have come, and every third to another team. */
function fillMessages(centre: Centre, size: number): void {
  const database = new Database(centre.databaseFile)
  try {
    for (const pragma of ['synchronous = OFF', 'foreign_keys = OFF', 'cache_size = -262144']) database.pragma(pragma)
    const columns = (database.pragma('table_info(messages)') as { name: string }[]).map(({ name }) => name)
    const changed = new Map([
      ['id', '@id'],
      ['conversation_id', '@conversation'],
      ['ordinal', '@ordinal'],
      ['parts', '@parts'],
      ['external_id', 'null'],
      ['client_id', 'null'],
      ['created_at', 't.created_at + @number'],
    ])
    const values = columns.map((name) => changed.get(name) ?? `t."${name}"`)
    const insert = database.prepare(`insert into messages select ${values.join(', ')} from messages t where t.id = @template`)
    const ids = database.prepare('select id from conversations order by id').pluck().all() as string[]
    const template = String(database.prepare('select min(id) from messages').pluck().get())
    database.transaction(() => {
      database.prepare('delete from messages where id <> ?').run(template)
      // Out of the way of the first message of its own conversation.
      database.prepare('update messages set ordinal = 0 where id = ?').run(template)
      for (let number = 0; number < size * messagesEach; number++) {
        const id = `0190b000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`
        const parts = JSON.stringify([{ type: 'text', text: textOf(number) }])
        insert.run({
          template,
          id,
          number,
          parts,
          conversation: ids[number % size],
          ordinal: 1 + Math.floor(number / size),
        })
      }
      database.prepare('delete from messages where id = ?').run(template)
      database.prepare(`update conversations set message_count = ${messagesEach}`).run()
      database.prepare(`update conversations set queue_id = 'another-team', assignee_id = null where rowid % ${foreignEvery} = 0`).run()
      database.exec("delete from search_fill; delete from cursors where name = 'search'")
    })()
  } finally {
    database.close()
  }
  checkpoint(centre)
}

function checkpoint(centre: Centre): void {
  const database = new Database(centre.databaseFile)
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
}

/** The newest twenty rows with two characters by bare SQL: what a search costs at least, median in milliseconds. */
function bareSearch(centre: Centre): number {
  const database = new Database(centre.databaseFile, { readonly: true })
  try {
    const find = database
      .prepare(`select rowid from search_message_terms where search_message_terms match '"配送"' order by rowid desc limit 20`)
      .raw(true)
    const tookMs = Array.from({ length: 200 }, () => {
      const startedMs = performance.now()
      find.all()
      return performance.now() - startedMs
    })
    return spreadOf(tookMs).p50
  } finally {
    database.close()
  }
}
