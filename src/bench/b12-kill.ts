import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeCentre } from './centre.ts'
import { startBenchChild } from './child.ts'
import { type Figure, figure } from './figures.ts'
import { newPlan } from './ingest.ts'
import { freePort, startHubProcess } from './processes.ts'
import { verifyIngest } from './verify-ingest.ts'
import { pinnedCores, type Workshop } from './workshop.ts'

const kills = 20
const load = { connections: 32, rate: 600, count: 60_000 } as const

/**
 * B12: the hub is killed with SIGKILL twenty times under a stream of webhooks of which unanswered ones are sent again,
 * many of them from customers who write for the first time. Afterwards each acknowledged one is there once, and no
 * conversation is without its messages.
 */
export async function measureKills(shop: Workshop): Promise<Figure[]> {
  const cores = pinnedCores(shop)
  const centre = await makeCentre(shop.folder('b12'), 1)
  const port = await freePort()
  const platform = startBenchChild(shop, cores.load)
  // As many customers as webhooks: a third of them begin a conversation.
  const plan = { ...newPlan(centre, 'text', false), senders: load.count / 3 }
  const start = () => startHubProcess(shop, { dataDir: centre.dataDir, core: cores.server, port })
  try {
    let hub = await start()
    const stream = platform.ask('redeliver', { port, plan, ...load })
    for (let kill = 1; kill <= kills; kill++) {
      await sleep(randomInt(300, 1_500))
      await hub.kill()
      shop.say(`B12: kill ${kill} of ${kills}`)
      hub = await start()
    }
    await sleep(1_000)
    await platform.ask('stopRedelivery', {})
    const { acked, failures } = await stream
    await hub.stop()
    const verdict = verifyIngest(centre.databaseFile, plan, acked)
    return [
      figure('B12.kills', kills, 'kills', { missing: verdict.missing, duplicate: verdict.duplicate }),
      figure('B12.acknowledged', acked.length, 'webhooks', { note: `${failures} attempts were not answered with 200` }),
      figure('B12.broken_conversations', verdict.broken, 'conversations', { missing: verdict.broken }),
    ]
  } finally {
    await platform.close()
  }
}
