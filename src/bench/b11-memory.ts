import { setTimeout as sleep } from 'node:timers/promises'
import { makeCentre } from './centre.ts'
import { startBenchChild } from './child.ts'
import { type Figure, figure } from './figures.ts'
import { startHubProcess } from './processes.ts'
import { pinnedCores, type Workshop } from './workshop.ts'

const agents = 500

/** B11: memory and processor of a hub at rest, and what each connected agent adds. */
export async function measureMemory(shop: Workshop): Promise<Figure[]> {
  const { server, load } = pinnedCores(shop)
  const centre = await makeCentre(shop.folder('b11'), agents)
  const hub = await startHubProcess(shop, { dataDir: centre.dataDir, core: server })
  const client = startBenchChild(shop, load)
  try {
    shop.say('B11: at rest')
    await sleep(10_000)
    const [cpuMs, startedMs] = [hub.cpuMs(), performance.now()]
    await sleep(Math.max(5, shop.seconds) * 1_000)
    const idleCpu = (hub.cpuMs() - cpuMs) / (performance.now() - startedMs)
    const idle = hub.memory()
    shop.say(`B11: ${agents} agents`)
    const connectMs = await client.ask('crowd', { port: hub.port, tokens: centre.agents.map(({ token }) => token) })
    await sleep(5_000)
    const crowded = hub.memory()
    return [
      figure('B11.idle.rss', idle.rssKib / 1_024, 'MiB'),
      figure('B11.idle.pss', idle.pssKib / 1_024, 'MiB'),
      figure('B11.idle.cpu', idleCpu * 100, '% of a processor'),
      figure(`B11.agents${agents}.rss_each`, (crowded.rssKib - idle.rssKib) / agents, 'KiB'),
      figure(`B11.agents${agents}.connect`, connectMs, 'ms'),
    ]
  } finally {
    await client.close()
    await hub.stop()
  }
}
