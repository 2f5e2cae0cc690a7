import { expect, test } from 'vitest'
import { RoutingEngine } from '../../src/core/routing/engine.ts'
import { RoutingWalk } from '../core/routing/walk.ts'

/** A million on request; what is done at each run shows the same, only sooner. */
const events = Number(process.env.ROUTING_WALK_EVENTS ?? 40_000)
const compareEvery = 500

test(`after ${events} random events the kept picture decides what a recomputation decides`, { timeout: 1_800_000 }, () => {
  const walk = new RoutingWalk(20_261_122)
  for (let event = 1; event <= events; event++) {
    if (event % compareEvery !== 0) {
      walk.stepKept()
      continue
    }
    const [kept, anew] = walk.step()
    if (kept !== anew) expect(JSON.parse(kept), `event ${event}`).toEqual(JSON.parse(anew))
    const fresh = new RoutingEngine(walk.engine.snapshot(), walk.at)
    fresh.decide(walk.at)
    for (const { id } of walk.engine.snapshot().items) expect(walk.engine.explain(id, walk.at)).toEqual(fresh.explain(id, walk.at))
  }
  expect(walk.settled()).toBe(true)
  expect(walk.offers).toBeGreaterThan(events / 20)
})
