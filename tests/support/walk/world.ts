import { and, eq, ne } from 'drizzle-orm'
import { newId } from '../../../src/lib/ids.ts'
import type { ServiceContext } from '../../../src/services/context.ts'
import { acceptPayloads } from '../../../src/services/deliveries/accept-delivery.ts'
import type { CapacityOverrides } from '../../../src/wire/agents.ts'
import { type WebchatPayload, webchatPayloadId } from '../../../src/wire/webchat.ts'
import { type Centre, makeCentre } from '../centre.ts'
import type { TestHub } from '../hub.ts'
import type { CapacityHistory } from '../invariants/everything.ts'
import { postEvents, textEvent } from '../webhooks.ts'
import type { Chance } from './chance.ts'

/** Everything a random walk acts on. */
export interface World {
  readonly hub: TestHub
  readonly ctx: ServiceContext
  readonly centre: Centre
  readonly chance: Chance
  readonly agentNames: readonly string[]
  readonly queueNames: readonly string[]
  /** LINE users and visitors. */
  readonly customers: readonly { readonly channel: 'line' | 'webchat'; readonly id: string }[]
  /** Events that LINE may send again. */
  readonly sent: ReturnType<typeof textEvent>[]
  /** What each agent was allowed to hold, by the number of changes so far. */
  readonly capacities: Map<string, CapacityOverrides[]>
}

const agentNames = ['ann', 'bob', 'cat', 'dan', 'eve', 'sue']
const queueNames = ['main', 'orders', 'vip']

/** Capacities that a walk chooses from; small, so that hands are often full. */
export const capacityChoices: readonly CapacityOverrides[] = [
  { max: {}, weights: {} },
  { max: { line: 1, webchat: 1 }, weights: {} },
  { max: { line: 2, webchat: 2 }, weights: { line: 30, webchat: 40 }, total: 70 },
  { max: { line: 0 }, weights: {} },
]

/** Makes a centre with three queues, six agents, ten LINE users and four visitors. */
export async function makeWorld(hub: TestHub, chance: Chance): Promise<World> {
  const centre = await makeCentre(hub, {
    queues: {
      main: { wrapUpMs: 30_000, firstResponseMs: 60_000 },
      orders: { wrapUpMs: 0 },
      vip: { priority: 8, dispositionRequired: true, requiredSkills: [{ skillId: 'tea', minLevel: 2 }] },
    },
    agents: {
      ann: { skills: { tea: 5 } },
      bob: { queues: ['main', 'orders'], capacity: { max: { line: 2 }, weights: {} } },
      cat: { queues: ['main', 'vip'], skills: { tea: 2 } },
      dan: { queues: ['orders'] },
      eve: { queues: ['vip'], skills: { tea: 1 } },
      sue: { role: 'supervisor', skills: { tea: 3 } },
    },
    reopenWindowMs: 600_000,
    lineConfig: { sendPolicy: 'push_only' },
  })
  const people = Array.from({ length: 10 }, () => ({ channel: 'line' as const, id: centre.customer().userId }))
  const visitors = Array.from({ length: 4 }, () => ({ channel: 'webchat' as const, id: newId() }))
  const first: [string, CapacityOverrides[]][] = agentNames.map((name) => [
    centre.agent(name).id,
    [name === 'bob' ? { max: { line: 2 }, weights: {} } : { max: {}, weights: {} }],
  ])
  return {
    hub,
    ctx: hub.ctx,
    centre,
    chance,
    agentNames,
    queueNames,
    customers: [...people, ...visitors],
    sent: [],
    capacities: new Map(first),
  }
}

/** A customer says something, by a signed webhook or as the visitors' gateway hands it on. */
export async function customerWrites({ ctx, centre, chance, customers, sent }: World): Promise<void> {
  const customer = chance.pick(customers)
  if (customer === undefined) return
  if (customer.channel === 'line') {
    const event = textEvent(customer.id, `word ${chance.int(1_000)}`, { timestamp: ctx.clock.now() })
    sent.push(event)
    expectOk(await postEvents(centre.line, [event]))
    return
  }
  const payload: WebchatPayload = {
    version: 1,
    kind: 'message',
    visitorId: customer.id,
    clientId: newId(),
    at: ctx.clock.now(),
    parts: [{ type: 'text', text: 'hello' }],
  }
  await acceptPayloads(ctx, await ctx.inboxes.get(centre.webchatInboxId), [
    { externalId: webchatPayloadId(payload), raw: JSON.stringify(payload) },
  ])
}

/** The platform sends something again, alone or with others. */
export async function platformRepeats({ centre, chance, sent }: World): Promise<void> {
  const some = Array.from({ length: 1 + chance.int(3) }, () => chance.pick(sent)).filter((event) => event !== undefined)
  if (some.length > 0) expectOk(await postEvents(centre.line, some))
}

export function expectOk(response: Response): void {
  if (response.status !== 200) throw new Error(`The webhook was answered with ${response.status}.`)
}

/** A conversation of the centre that is open, or any. */
export async function someConversation({ ctx: { store }, centre, chance }: World, alsoResolved = false) {
  const { conversations: c } = store.t
  const where = (inboxId: string) => and(eq(c.inboxId, inboxId), alsoResolved ? undefined : ne(c.status, 'resolved'))
  const rows = [
    ...(await store.db.select().from(c).where(where(centre.line.inboxId))),
    ...(await store.db.select().from(c).where(where(centre.webchatInboxId))),
  ]
  return chance.pick(rows)
}

/** An offer of the log, most often one that is pending. */
export async function someOffer({ ctx: { store }, chance }: World) {
  const offers = await store.db.select().from(store.t.offers)
  const pending = offers.filter(({ status }) => status === 'pending')
  return chance.next() < 0.9 ? chance.pick(pending) : chance.pick(offers)
}

const usual: CapacityOverrides = { max: {}, weights: {} }

/**
 * What agents might hold when an event was written. A change of rules is not held off by what is under way: for the few
 * events after it the rules before still count.
 */
export async function capacityHistory({ ctx: { store }, capacities }: World): Promise<CapacityHistory> {
  const events = await store.db.select().from(store.t.events).where(eq(store.t.events.type, 'agent.changed'))
  return (agentId, seq) => {
    const rules = capacities.get(agentId) ?? []
    const changes = events.filter(
      (event) => event.subjectId === agentId && Array.isArray(event.data.what) && event.data.what.includes('capacity'),
    )
    const done = changes.filter((event) => event.seq < seq)
    const now = rules[done.length] ?? usual
    const latest = done.at(-1)
    return latest !== undefined && seq - latest.seq < 20 ? wider(now, rules[done.length - 1] ?? usual) : now
  }
}

function wider(a: CapacityOverrides, b: CapacityOverrides): CapacityOverrides {
  const line = Math.max(a.max.line ?? 6, b.max.line ?? 6)
  const webchat = Math.max(a.max.webchat ?? 4, b.max.webchat ?? 4)
  const weights = {
    line: Math.min(a.weights.line ?? 15, b.weights.line ?? 15),
    webchat: Math.min(a.weights.webchat ?? 20, b.weights.webchat ?? 20),
  }
  return { max: { line, webchat }, weights, total: Math.max(a.total ?? 100, b.total ?? 100) }
}
