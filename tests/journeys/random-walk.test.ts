import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemViewer } from '../../src/services/access/system-viewer.ts'
import { updateAgent } from '../../src/services/agents/update-agent.ts'
import { wrapUpConversation } from '../../src/services/conversations/wrap-up-conversation.ts'
import { acceptOffer } from '../../src/services/offers/accept-offer.ts'
import { renewPresence } from '../../src/services/presence/renew-presence.ts'
import { setAgentState } from '../../src/services/presence/set-agent-state.ts'
import { databases, startTestHub, type TestHub } from '../support/hub.ts'
import { passTime } from '../support/talk.ts'
import { until } from '../support/until.ts'
import { acts, isRefusal, pauses, weights } from '../support/walk/acts.ts'
import { chanceOf } from '../support/walk/chance.ts'
import { capacityHistory, makeWorld, type World } from '../support/walk/world.ts'

/** Rounds of a walk at most, and how long it may take, milliseconds; a longer one is asked for with WALK_ROUNDS. */
const rounds = Number(process.env['WALK_ROUNDS'] ?? 160)
const limitMs = process.env['WALK_ROUNDS'] === undefined ? 9_000 : Number.POSITIVE_INFINITY
const checkEvery = 40

const seed = Number(process.env['WALK_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

describe.each(databases)('agents, customers, time and rules at random, %s (F35)', (database) => {
  let hub: TestHub
  beforeAll(async () => {
    hub = await startTestHub({ database })
  })
  afterAll(() => hub.stop())

  it(`never break an invariant, and everything that waits is served in the end (WALK_SEED=${seed})`, { timeout: 600_000 }, async () => {
    const world = await makeWorld(hub, chanceOf(seed))
    const end = performance.now() + limitMs
    const story: string[] = []
    for (let round = 1; round <= rounds && performance.now() < end; round++) {
      await oneRound(world, story)
      if (round % checkEvery === 0) await check(world, story)
    }
    await check(world, story)
    await serveAll(world)
    await check(world, story)
    // A walk in which nothing happened proves nothing.
    const moves = new Set((await hub.ctx.store.db.select().from(hub.ctx.store.t.events)).map(({ data }) => data.what))
    expect([...moves]).toEqual(expect.arrayContaining(['offered', 'offer_accepted', 'agent_message', 'resolve']))
  })
})

async function oneRound(world: World, story: string[]): Promise<void> {
  const { chance } = world
  if (chance.next() < 0.25) {
    const name = chance.pick(Object.keys(pauses)) ?? 'moment'
    story.push(name)
    await pauses[name]?.(world)
    return
  }
  const names = Array.from({ length: 1 + chance.int(6) }, () => chance.weighted(weights))
  story.push(names.join(' + '))
  const outcomes = await Promise.allSettled(names.map((name) => acts[name](world)))
  outcomes.forEach((outcome, i) => {
    if (outcome.status === 'rejected' && !isRefusal(outcome.reason))
      throw new Error(`${names[i]} failed after: ${story.slice(-15).join(' | ')}`, { cause: outcome.reason })
  })
}

async function check(world: World, story: readonly string[]): Promise<void> {
  try {
    await world.hub.check({ capacityAt: await capacityHistory(world) })
  } catch (error) {
    throw new Error(`An invariant broke in round ${story.length} of seed ${seed}, after: ${story.slice(-checkEvery).join(' | ')}`, {
      cause: error,
    })
  }
}

/** Everybody comes to work, takes all they are offered and finishes it: nothing may be left (I8). */
async function serveAll({ hub, ctx, centre, agentNames, capacities }: World): Promise<void> {
  const { store } = ctx
  const capacity = { max: { line: 50, webchat: 50 }, weights: { line: 0, webchat: 0 } }
  const viewers = new Map<string, Awaited<ReturnType<ReturnType<typeof centre.agent>['viewer']>>>()
  for (const name of agentNames) {
    const { id } = centre.agent(name)
    capacities.get(id)?.push(capacity)
    await updateAgent(ctx, systemViewer, id, {
      capacity,
      skills: [{ skillId: centre.skill('tea'), level: 5 }],
      queueIds: ['main', 'orders', 'vip'].map((queue) => centre.queue(queue)),
    })
    viewers.set(id, await centre.agent(name).viewer())
  }
  await until(
    'nothing is open any more',
    async () => {
      for (const [id, viewer] of viewers) {
        await renewPresence(ctx, id)
        await setAgentState(ctx, viewer, id, { state: 'available' })
      }
      await passTime(hub, 130_000)
      for (const [id] of viewers) await renewPresence(ctx, id)
      for (const offer of await store.db.select().from(store.t.offers)) {
        const viewer = viewers.get(offer.agentId)
        if (offer.status === 'pending' && viewer !== undefined) await acceptOffer(ctx, viewer, offer.id).catch(onlyRefusals)
      }
      const rows = (await store.db.select().from(store.t.conversations)).filter(({ status }) => status !== 'resolved')
      for (const { id, status } of rows)
        if (status === 'active' || status === 'wrap_up')
          await wrapUpConversation(ctx, systemViewer, id, { disposition: 'done' }).catch(onlyRefusals)
      return rows.length === 0
    },
    60_000,
  )
  await until(
    'everything sent has ended visibly',
    async () => {
      await passTime(hub, 300_000)
      return (await store.db.select().from(store.t.outbox)).every(({ status }) => status !== 'queued' && status !== 'sending')
    },
    30_000,
  )
  expect((await store.db.select().from(store.t.deliveries)).filter(({ status }) => status === 'quarantined')).toEqual([])
}

function onlyRefusals(error: unknown): void {
  if (!isRefusal(error)) throw error
}
