import { setTimeout as sleep } from 'node:timers/promises'
import { systemViewer } from '../services/access/system-viewer.ts'
import { createInbox } from '../services/inboxes/write-inbox.ts'
import { newVisitorId, signVisitorToken, visitorKey } from '../services/visitors/visitor-token.ts'
import { makeCentre, withCentreContext } from './centre.ts'
import { startBenchChild } from './child.ts'
import { type Figure, figure } from './figures.ts'
import { hubEnv, startHubProcess } from './processes.ts'
import type { PlayedVisitor } from './visitors.ts'
import { pinnedCores, type Workshop } from './workshop.ts'

/** Open chats, spread over so many sites that none of them reaches its limit of arrivals. */
const openChats = 10_000
const sites = 5
const returning = 2_000

/** B13: what each open chat costs, and two thousand visitors who come back at once. */
export async function measureVisitors(shop: Workshop): Promise<Figure[]> {
  const { server, load } = pinnedCores(shop)
  const { dataDir, queueId } = await makeCentre(shop.folder('b13'), 1)
  const inboxIds = await makeSites(dataDir, queueId)
  const hub = await startHubProcess(shop, { dataDir, core: server, env: { TRUST_PROXY: 'loopback' } })
  const crowd = startBenchChild(shop, load)
  const storm = startBenchChild(shop, load)
  const visit = (inboxId: string, count: number, from: number) => ({
    port: hub.port,
    inboxId,
    visitors: visitorsOf(dataDir, hub.port, inboxId, count, from),
  })
  try {
    await sleep(3_000)
    const idle = hub.memory()
    shop.say(`B13: ${openChats} open chats`)
    let connectMs = 0
    for (const [at, inboxId] of inboxIds.entries()) {
      connectMs += await crowd.ask('visitors', visit(inboxId, openChats / sites, (at * openChats) / sites))
    }
    await sleep(5_000)
    const open = hub.memory()
    shop.say(`B13: ${returning} come back at once`)
    // Arrivals are counted by the minute.
    await sleep(60_000)
    await storm.ask('leaveForStorm', visit(inboxIds[0] ?? '', returning, openChats))
    const cpuMs = hub.cpuMs()
    const allInSyncMs = await storm.ask('returnInStorm', { port: hub.port })
    const stormCpuMs = hub.cpuMs() - cpuMs
    const left = await storm.ask('settleStorm', {})
    return [
      figure(`B13.open${openChats}.rss_each`, (open.rssKib - idle.rssKib) / openChats, 'KiB'),
      figure(`B13.open${openChats}.connect_each`, connectMs / openChats, 'ms'),
      { ...figure(`B13.storm${returning}.all_in_sync`, allInSyncMs, 'ms'), ...left },
      // What a hub with a processor of its own would need.
      figure(`B13.storm${returning}.cpu`, stormCpuMs, 'ms'),
    ]
  } finally {
    await crowd.close()
    await storm.close()
    await hub.stop()
  }
}

function makeSites(dataDir: string, queueId: string): Promise<string[]> {
  return withCentreContext(dataDir, async (ctx) => {
    const ids: string[] = []
    for (let at = 0; at < sites; at += 1) {
      const { id } = await createInbox(ctx, systemViewer, {
        channel: 'webchat',
        name: `Site ${at}`,
        queueId,
        locale: 'en',
        enabled: true,
        restricted: false,
        memberIds: [],
        reopenWindowMs: 0,
        config: {},
      })
      ids.push(id)
    }
    return ids
  })
}

/** Tokens as the hub would give them, each used from an address of its own. */
function visitorsOf(dataDir: string, port: number, inboxId: string, count: number, from: number): PlayedVisitor[] {
  const key = visitorKey(hubEnv(dataDir, port)['SECRET_KEY'] ?? '', inboxId)
  const issuedAt = Math.round(performance.timeOrigin + performance.now())
  return Array.from({ length: count }, (_, index) => {
    const at = from + index
    const ip = `10.${(at >> 14) & 255}.${(at >> 7) & 127}.${(at & 127) + 1}`
    return { ip, token: signVisitorToken(key, { inboxId, visitorId: newVisitorId(), issuedAt, expiresAt: issuedAt + 3_600_000 }) }
  })
}
