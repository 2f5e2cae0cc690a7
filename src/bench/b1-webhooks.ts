import { makeCentre } from './centre.ts'
import { startBenchChild } from './child.ts'
import { introduceCustomers } from './customers.ts'
import { type Figure, figure, medianFigures } from './figures.ts'
import { Ingest, newPlan, noteOf, type Ran } from './ingest.ts'
import { percentile } from './percentiles.ts'
import { startHubProcess } from './processes.ts'
import type { Verdict } from './verify-ingest.ts'
import { type Cores, pinnedCores, type Workshop } from './workshop.ts'

/** Webhooks of which the statements are recorded, for each measured second. */
const tapedPerSecond = 4_000
/** What a commit of a handful of webhooks, as at half load, writes before its sync. */
const groupBytes = 128 * 1_024

/**
 * B1: signed LINE webhook → stored, deduplicated, in its conversation, event appended, durable → 200. One in twenty is sent twice.
 * The limit is the same statements with the same values in the same commits, by bare better-sqlite3.
 */
export async function measureWebhooks(shop: Workshop): Promise<Figure[]> {
  const runs: Figure[][] = []
  for (let run = 1; run <= shop.runs; run++) {
    shop.say(`B1: run ${run} of ${shop.runs}`)
    const limits = await measureLimits(shop)
    runs.push([...(await measureHub(shop, limits)), ...limits.figures])
  }
  shop.say('B1: unpinned')
  runs.push(await measureUnpinned(shop))
  return medianFigures(runs)
}

type First = Awaited<ReturnType<typeof introduceCustomers>>

async function withIngest<T>(shop: Workshop, cores: Cores, work: (ingest: Ingest, first: First) => Promise<T>): Promise<T> {
  const centre = await makeCentre(shop.folder('b1'), 1)
  const first = await introduceCustomers(shop, centre, cores)
  const load = startBenchChild(shop, cores.load)
  try {
    const hub = await startHubProcess(shop, { dataDir: centre.dataDir, core: cores.server })
    try {
      return await work(new Ingest(centre, hub, load), first)
    } finally {
      await hub.stop()
    }
  } finally {
    await load.close()
  }
}

async function measureHub(
  shop: Workshop,
  { statements: limit, groupSyncMs }: Awaited<ReturnType<typeof measureLimits>>,
): Promise<Figure[]> {
  const measureMs = shop.seconds * 1_000
  return withIngest(shop, pinnedCores(shop), async (ingest, first) => {
    const one = await ingest.closed('text', 1, measureMs)
    const many = await ingest.closed('text', 32, measureMs)
    const most = await ingest.closed('text', 128, measureMs)
    const mixed = await ingest.closed('mixed', 32, measureMs)
    const half = await ingest.open('text', many.outcome.rate / 2, measureMs)
    const verdicts = ingest.verify()
    const rate = (id: string, ran: Ran, more: { limit?: number } = {}) =>
      figure(id, ran.outcome.rate, 'webhooks/s', { ...more, ...countsOf(verdicts.get(ran)), ...noteOf(ran) })
    return [
      rate('B1.c1.rate', one),
      rate('B1.c32.rate', many, { limit }),
      figure('B1.c32.p99', many.outcome.latency.p99, 'ms'),
      figure('B1.c32.hub_cpu', many.hubCpu * 100, '%'),
      figure('B1.c32.client_cpu', many.outcome.clientCpu * 100, '%'),
      rate('B1.c128.rate', most),
      rate('B1.mixed.c32.rate', mixed),
      figure('B1.first.c32.rate', first.ran.outcome.rate, 'webhooks/s', { ...countsOf(first.verdict), ...noteOf(first.ran) }),
      figure('B1.half.rate', half.outcome.rate, 'webhooks/s', { ...countsOf(verdicts.get(half)), ...noteOf(half) }),
      figure('B1.half.p50', half.outcome.latency.p50, 'ms'),
      figure('B1.half.p99', half.outcome.latency.p99, 'ms', { limit: groupSyncMs }),
    ]
  })
}

async function measureUnpinned(shop: Workshop): Promise<Figure[]> {
  return withIngest(shop, { server: null, load: null }, async (ingest) => {
    const many = await ingest.closed('text', 32, shop.seconds * 1_000)
    const verdict = ingest.verify().get(many)
    return [figure('B1.unpinned.c32.rate', many.outcome.rate, 'webhooks/s', { ...countsOf(verdict), ...noteOf(many) })]
  })
}

/** A broken conversation counts as missing: what belongs into it is not there. */
export function countsOf(verdict: Verdict | undefined): { missing: number; duplicate: number } {
  if (verdict === undefined) throw new Error('The load was not verified.')
  return { missing: verdict.missing + verdict.broken, duplicate: verdict.duplicate }
}

async function measureLimits(shop: Workshop): Promise<{ statements: number; groupSyncMs: number; figures: Figure[] }> {
  const { server, load } = pinnedCores(shop)
  const centre = await makeCentre(shop.folder('tape'), 1)
  const worker = startBenchChild(shop, server)
  const client = startBenchChild(shop, load)
  try {
    const folder = shop.folder('plays')
    const count = tapedPerSecond * shop.seconds
    const [first, plan] = [newPlan(centre, 'first'), newPlan(centre, 'text')]
    const tape = await worker.ask('tape', { centre, first, plan, count, waiting: 32, folder, plays: 3 })
    const statements = percentile(
      [...tape.rates].sort((a, b) => a - b),
      0.5,
    )
    const syncs = await worker.ask('sync', { folder, measureMs: 1_000, bytes: 1_024 })
    const groups = await worker.ask('sync', { folder, measureMs: 1_000, bytes: groupBytes })
    const port = await worker.ask('signatures', { channelSecret: centre.channelSecret })
    const bare = { port, plan: newPlan(centre, 'text'), connections: 32, warmUpMs: 500, measureMs: 2_000, count: 75_000 }
    const http = await client.ask('closed', bare)
    return {
      statements,
      groupSyncMs: groups.latency.p99,
      figures: [
        figure('B1.limit.statements', statements, 'webhooks/s', {
          note: `${tape.statementsEach.toFixed(1)} statements each, ${tape.webhooksPerCommit.toFixed(1)} webhooks a commit`,
        }),
        figure('B1.limit.http_signature', http.rate, 'webhooks/s', http.clientCpu > 0.7 ? { note: 'client-bound' } : {}),
        figure('B1.limit.append_sync', syncs.rate, 'appends/s'),
        figure('B1.limit.group_sync.p99', groups.latency.p99, 'ms'),
      ],
    }
  } finally {
    await worker.close()
    await client.close()
  }
}
