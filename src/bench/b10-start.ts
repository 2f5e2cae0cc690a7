import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { centreWithOne } from './b8-lists.ts'
import { growTo } from './bulk.ts'
import { type Figure, figure, medianFigure } from './figures.ts'
import { spawnNode, startHubProcess } from './processes.ts'
import type { Workshop } from './workshop.ts'

/** B10: from exec to the first 200 of `/readyz`: new folder, known database, a million messages. */
export async function measureStarts(shop: Workshop): Promise<Figure[]> {
  const times = shop.runs + 2
  const floors: number[] = []
  for (let i = 0; i < times; i++) floors.push(await bareNode(shop))
  const limit = medianFigure(floors.map((ms) => figure('floor', ms, 'ms'))).value
  shop.say('B10: starting')
  const fresh: Figure[] = []
  const known: Figure[] = []
  for (let i = 0; i < times; i++) {
    const dataDir = shop.folder('b10')
    mkdirSync(dataDir, { recursive: true })
    fresh.push(figure('B10.new.ready', await readyMs(shop, dataDir), 'ms', { limit }))
    known.push(figure('B10.empty.ready', await readyMs(shop, dataDir), 'ms', { limit }))
  }
  shop.say('B10: a million messages')
  const centre = await centreWithOne(shop, 'b10-full')
  growTo(centre, 1_000_000)
  const full: Figure[] = []
  for (let i = 0; i < times; i++) full.push(figure('B10.1m.ready', await readyMs(shop, centre.dataDir), 'ms', { limit }))
  return [medianFigure(fresh), medianFigure(known), medianFigure(full)]
}

async function readyMs(shop: Workshop, dataDir: string): Promise<number> {
  const hub = await startHubProcess(shop, { dataDir, core: null })
  await hub.stop()
  return hub.readyMs
}

async function bareNode(shop: Workshop): Promise<number> {
  const startedMs = performance.now()
  await once(spawnNode(null, ['-e', '0'], { PATH: shop.env.PATH ?? '' }, ['ignore', 'ignore', 'ignore']), 'exit')
  return performance.now() - startedMs
}
