import { makeCentre } from './centre.ts'
import { startBenchChild } from './child.ts'
import { introduceCustomers } from './customers.ts'
import { type Figure, figure, medianFigures } from './figures.ts'
import { newPlan } from './ingest.ts'
import { startHubProcess } from './processes.ts'
import { pinnedCores, type Workshop } from './workshop.ts'

const fleets = [10, 100, 500] as const
const perSecond = 10

/** B2: signed webhook → event on the socket of every agent who may see the conversation, 10 webhooks a second. */
export async function measurePushes(shop: Workshop): Promise<Figure[]> {
  const cores = pinnedCores(shop)
  const centre = await makeCentre(shop.folder('b2'), Math.max(...fleets))
  await introduceCustomers(shop, centre, cores)
  const hub = await startHubProcess(shop, { dataDir: centre.dataDir, core: cores.server })
  const client = startBenchChild(shop, cores.load)
  try {
    const runs: Figure[][] = []
    for (let run = 1; run <= shop.runs; run++) {
      const figures: Figure[] = []
      for (const agents of fleets) {
        shop.say(`B2: ${agents} agents, run ${run} of ${shop.runs}`)
        const tokens = centre.agents.slice(0, agents).map(({ token }) => token)
        const plan = newPlan(centre, 'text', false)
        const measureMs = Math.max(5, shop.seconds * 2) * 1_000
        const { latency, missing, duplicate, connectMs, clientCpu } = await client.ask('push', {
          port: hub.port,
          tokens,
          plan,
          warmUp: newPlan(centre, 'text', false),
          rate: perSecond,
          measureMs,
        })
        const note = clientCpu > 0.7 ? { note: `client-bound (${Math.round(clientCpu * 100)} % of a processor)` } : {}
        const id = `B2.agents${agents}`
        figures.push(
          figure(`${id}.p50`, latency.p50, 'ms', { missing, duplicate, ...note }),
          figure(`${id}.p99`, latency.p99, 'ms', note),
          figure(`${id}.connect`, connectMs, 'ms'),
        )
      }
      runs.push(figures)
    }
    return medianFigures(runs)
  } finally {
    await client.close()
    await hub.stop()
  }
}
