import Database from 'better-sqlite3'
import { growTo } from './bulk.ts'
import type { Centre } from './centre.ts'
import { makeCentre } from './centre.ts'
import { startBenchChild } from './child.ts'
import { introduceCustomers } from './customers.ts'
import { type Figure, figure } from './figures.ts'
import { spreadOf } from './percentiles.ts'
import { startHubProcess } from './processes.ts'
import { pinnedCores, type Workshop } from './workshop.ts'

const sizes = [
  { name: '10k', conversations: 10_000 },
  { name: '100k', conversations: 100_000 },
  { name: '1m', conversations: 1_000_000 },
] as const
const rows = 50

/** A centre with one conversation, as the hub makes it, to be multiplied. */
export async function centreWithOne(shop: Workshop, name: string): Promise<Centre> {
  const centre = await makeCentre(shop.folder(name), 20)
  await introduceCustomers(shop, centre, { server: null, load: null }, 1)
  return centre
}

/** B8: a page of 50 conversations, and one of the waiting, at the API of a supervisor who sees all, while the centre grows. */
export async function measureLists(shop: Workshop): Promise<Figure[]> {
  const centre = await centreWithOne(shop, 'b8')
  const figures: Figure[] = []
  const medians: number[] = []
  for (const { name, conversations } of sizes) {
    shop.say(`B8: ${name} conversations`)
    growTo(centre, conversations)
    const bareMs = bareList(centre.databaseFile)
    const { open, resolved, waiting } = await measureOne(shop, centre)
    figures.push(
      figure(`B8.${name}.open.p50`, open.p50, 'ms', { limit: bareMs }),
      figure(`B8.${name}.open.p99`, open.p99, 'ms'),
      figure(`B8.${name}.resolved.p50`, resolved.p50, 'ms'),
      figure(`B8.${name}.resolved.p99`, resolved.p99, 'ms'),
      figure(`B8.${name}.waiting.p50`, waiting.p50, 'ms'),
      figure(`B8.${name}.waiting.p99`, waiting.p99, 'ms'),
    )
    medians.push(open.p50)
  }
  figures.push(figure('B8.growth_exponent', growth(medians), 'of size'))
  return figures
}

async function measureOne(shop: Workshop, centre: Centre) {
  const { server, load } = pinnedCores(shop)
  const hub = await startHubProcess(shop, { dataDir: centre.dataDir, core: server })
  const client = startBenchChild(shop, load)
  try {
    const token = centre.agents[0]?.token ?? ''
    const page = (view: string) =>
      client.ask('pages', { port: hub.port, token, path: `/api/v1/conversations?view=${view}&limit=${rows}`, count: 60 * shop.runs, rows })
    return { open: await page('open'), resolved: await page('resolved'), waiting: await page('waiting') }
  } finally {
    await client.close()
    await hub.stop()
  }
}

/** The rows of the page and their names by bare SQL: what a list costs at least, median in milliseconds. */
function bareList(file: string): number {
  const database = new Database(file, { readonly: true })
  try {
    const page = database
      .prepare(
        `select c.*, p.name, a.kind, a.address from conversations c join contacts p on p.id = c.contact_id
         join contact_points a on a.id = c.contact_point_id where c.open = 1 order by c.last_message_at desc, c.id desc limit ${rows}`,
      )
      .raw(true)
    const tookMs = Array.from({ length: 200 }, () => {
      const startedMs = performance.now()
      page.all()
      return performance.now() - startedMs
    })
    return spreadOf(tookMs).p50
  } finally {
    database.close()
  }
}

/** The power of the size by which the time grows: 0 is flat, 1 linear. */
export function growth(medians: readonly number[]): number {
  const [first, last] = [medians[0], medians.at(-1)]
  if (first === undefined || last === undefined) return Number.NaN
  return Math.log(last / first) / Math.log(1_000_000 / 10_000)
}
