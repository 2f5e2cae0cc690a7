import type { Centre } from './centre.ts'
import { startBenchChild } from './child.ts'
import { Ingest, type Ran } from './ingest.ts'
import { startHubProcess } from './processes.ts'
import type { Verdict } from './verify-ingest.ts'
import type { Cores, Workshop } from './workshop.ts'

/**
 * Lets customers of a centre write for the first time, on a hub that ends afterwards: its look-ups of their profiles, which fail
 * because nothing leaves the machine, are not tried again beside what is measured next.
 */
export async function introduceCustomers(
  shop: Workshop,
  centre: Centre,
  cores: Cores,
  count?: number,
): Promise<{ ran: Ran; verdict: Verdict }> {
  const hub = await startHubProcess(shop, { dataDir: centre.dataDir, core: cores.server })
  const client = startBenchChild(shop, cores.load)
  try {
    const ingest = new Ingest(centre, hub, client)
    const ran = await ingest.introduce(count)
    const verdict = ingest.verify().get(ran)
    if (verdict === undefined) throw new Error('The load was not verified.')
    return { ran, verdict }
  } finally {
    await client.close()
    await hub.stop()
  }
}
