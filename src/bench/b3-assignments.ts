import { sql } from 'drizzle-orm'
import { addToCounters } from '../../db/queries/counters.ts'
import type { Store } from '../../db/store.ts'
import { newId } from '../lib/ids.ts'
import { createLogTail, type LogTail } from '../realtime/tail.ts'
import { systemViewer } from '../services/access/system-viewer.ts'
import type { ServiceContext } from '../services/context.ts'
import { startConversation } from '../services/conversations/start-conversation.ts'
import { startRouter } from '../services/routing/router.ts'
import { setRoutingSettings } from '../services/routing/settings.ts'
import { routingSettingsSchema } from '../wire/configuration.ts'
import { measureDecisions } from './b3-core.ts'
import { measureDay } from './b3-day.ts'
import { type Centre, makeCentre, withCentreContext } from './centre.ts'
import { type Figure, figure, medianFigures } from './figures.ts'
import { spreadOf } from './percentiles.ts'
import type { Workshop } from './workshop.ts'

const agentCount = 1_000
const waitingCount = 10_000
const arrivals = 200
/** Rows of one insert; SQLite takes 32,766 parameters. */
const rowsAtOnce = 500

/** B3: the decisions alone in memory, then the same centre on a durable database: assignments a second, and an arrival to its first offer. */
export async function measureRouting(shop: Workshop): Promise<Figure[]> {
  shop.say('B3: decisions in memory')
  const figures = [...measureDecisions(), ...measureDay()]
  const runs: Figure[][] = []
  for (let run = 0; run < shop.runs; run++) {
    shop.say(`B3: ${waitingCount} assignments on disk, run ${run + 1}`)
    runs.push(await measureDurable(shop, run))
  }
  return [...figures, ...medianFigures(runs)]
}

async function measureDurable(shop: Workshop, run: number): Promise<Figure[]> {
  const folder = shop.folder(`b3-${run}`)
  const centre = await makeCentre(folder, agentCount)
  return withCentreContext(folder, async (ctx) => {
    await setRoutingSettings(ctx, systemViewer, routingSettingsSchema.parse({ maxRinging: 20 }))
    await seatEverybody(ctx)
    const contact = await fillLine(ctx.store, centre, ctx.clock.now())
    const tail = createLogTail({ store: ctx.store, clock: ctx.clock, broadcast: ctx.broadcast, log: ctx.log })
    await tail.start()
    try {
      return await assign(ctx, tail, centre, contact)
    } finally {
      await tail.stop()
    }
  })
}

/** Everybody is there, free, and may hold twenty. */
async function seatEverybody({ store, clock }: ServiceContext): Promise<void> {
  await store.tx(async (tx) => {
    await tx.db.update(tx.t.agents).set({ capacity: { max: { line: 20 }, weights: { line: 1 } } })
    await tx.db.update(tx.t.agentStates).set({ state: 'available', leaseUntil: clock.now() + 86_400_000 })
  })
}

interface Contact {
  readonly contactId: string
  readonly pointId: string
}

/** Ten thousand conversations of one contact that wait, as the use case leaves them. */
async function fillLine(store: Store, centre: Centre, now: number): Promise<Contact> {
  const contact = { contactId: newId(), pointId: newId() }
  await store.tx(async (tx) => {
    const { contacts, contactPoints } = tx.t
    const facts = { companyId: null, locale: null, fields: {}, avatarUrl: null, createdAt: now, updatedAt: now }
    await tx.db.insert(contacts).values({ id: contact.contactId, name: 'Bench', ...facts })
    const point = { kind: 'line' as const, address: 'bench:U0', displayName: null, verified: false, createdAt: now }
    await tx.db.insert(contactPoints).values({ id: contact.pointId, contactId: contact.contactId, ...point })
  })
  for (let i = 0; i < waitingCount; i += rowsAtOnce) {
    await store.tx(async (tx) => {
      const rows = Array.from({ length: Math.min(rowsAtOnce, waitingCount - i) }, (_, n) =>
        waitingRow(centre, contact, now - waitingCount + i + n, i + n),
      )
      for (const row of rows) await tx.db.insert(tx.t.conversations).values(row)
      await addToCounters(tx, [
        { scope: 'all', name: 'open', delta: rows.length },
        { scope: 'all', name: 'waiting', delta: rows.length },
        { scope: `queue:${centre.queueId}`, name: 'waiting:line', delta: rows.length },
      ])
    })
  }
  return contact
}

function waitingRow({ inboxId, queueId }: Centre, { contactId, pointId }: Contact, at: number, n: number) {
  return {
    id: newId(),
    inboxId,
    channel: 'line' as const,
    contactId,
    contactPointId: pointId,
    threadKey: `bench-${n}`,
    status: 'queued' as const,
    open: true,
    awaiting: 'agent' as const,
    queueId,
    priority: n % 10,
    requiredSkills: [],
    personal: false,
    avoid: [],
    waitingSince: at,
    queuedAt: at,
    tags: [],
    messageCount: 0,
    readCount: 0,
    customerReadCount: 0,
    lastMessageAt: at,
    createdAt: at,
    updatedAt: at,
  }
}

async function assign(ctx: ServiceContext, tail: LogTail, centre: Centre, contact: Contact): Promise<Figure[]> {
  const heard = new Map<string, number>()
  let offers = 0
  const unsubscribe = tail.subscribe(({ events }) => {
    for (const { type, conversationId } of events) {
      if (type !== 'offer.created') continue
      offers += 1
      heard.set(conversationId ?? '', performance.now())
    }
  })
  const startedMs = performance.now()
  const router = await startRouter(ctx, tail)
  try {
    await until(() => offers >= waitingCount)
    const rate = waitingCount / ((performance.now() - startedMs) / 1_000)
    const { doubled } = await count(ctx.store)
    const spread = spreadOf(await timeArrivals(ctx, centre, contact, heard))
    return [
      figure('B3.durable.rate', rate, 'assignments/s', { limit: 3_000, duplicate: doubled }),
      figure('B3.first_offer.p50', spread.p50, 'ms'),
      figure('B3.first_offer.p99', spread.p99, 'ms'),
    ]
  } finally {
    await router.stop()
    unsubscribe()
  }
}

/** Milliseconds from before an arrival's transaction to its offer being told. */
async function timeArrivals(ctx: ServiceContext, centre: Centre, contact: Contact, heard: ReadonlyMap<string, number>): Promise<number[]> {
  const inbox = await ctx.inboxes.get(centre.inboxId)
  const times: number[] = []
  for (let i = 0; i < arrivals; i++) {
    const startedMs = performance.now()
    const start = { ...contact, threadKey: `arrival-${i}`, previousId: null, lastAgentId: null, text: 'hello', now: ctx.clock.now() }
    const { id } = await ctx.store.tx((tx) => startConversation(tx, inbox, start))
    await until(() => heard.has(id))
    times.push((heard.get(id) ?? 0) - startedMs)
  }
  return times
}

async function count({ db, t }: Store): Promise<{ doubled: number }> {
  const rows = await db.select({ id: t.offers.conversationId }).from(t.offers).groupBy(t.offers.conversationId).having(sql`count(*) > 1`)
  return { doubled: rows.length }
}

async function until(holds: () => boolean): Promise<void> {
  const limit = performance.now() + 120_000
  while (!holds()) {
    if (performance.now() > limit) throw new Error('The router has not offered everything within two minutes.')
    await new Promise((resolve) => setImmediate(resolve))
  }
}
