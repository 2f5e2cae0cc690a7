import { describe, expect, test } from 'vitest'
import { RoutingEngine } from '../../../src/core/routing/engine.ts'
import { explainWaiting } from '../../../src/core/routing/route.ts'
import { largeCentre } from './centre.ts'
import { agent, item, now, oneQueue, seconds } from './support.ts'
import { RoutingWalk } from './walk.ts'

describe('§11 Incremental', () => {
  test.each([1, 2, 3, 4])('decides after each event what a full recomputation decides, reasons and wakes included (seed %i)', (seed) => {
    const walk = new RoutingWalk(seed)
    for (let event = 0; event < 2_500; event++) {
      const [kept, anew] = walk.step()
      if (kept !== anew) expect(JSON.parse(kept), `event ${event}`).toEqual(JSON.parse(anew))
    }
    expect(walk.settled()).toBe(true)
    expect(walk.offers).toBeGreaterThan(150)
  })

  test('asking why changes nothing', () => {
    const walk = new RoutingWalk(9)
    for (let event = 0; event < 600; event++) {
      walk.step()
      for (const { id } of walk.engine.snapshot().items.slice(0, 3)) {
        const before = walk.engine.snapshot()
        expect(walk.engine.explain(id, walk.at)).toEqual(explainWaiting(before, id, walk.at))
        expect(walk.engine.decide(walk.at).decisions).toEqual([])
      }
    }
  })

  test('what is decided counts as carried out; putting it right gives it out again', () => {
    const snapshot = oneQueue([agent('ann'), agent('ben')], [item('i')])
    const engine = new RoutingEngine(snapshot, now)
    expect(engine.decide(now).decisions.map(({ agentId }) => agentId)).toEqual(['ann'])
    expect(engine.decide(now).decisions).toEqual([])
    expect(engine.agent('ann')?.held.webchat).toBe(1)
    engine.putItem(item('i'))
    engine.putAgent(agent('ann', { state: 'busy' }))
    expect(engine.decide(now).decisions.map(({ agentId }) => agentId)).toEqual(['ben'])
  })

  test('agents and items come and go; time does not run backwards', () => {
    const engine = new RoutingEngine(oneQueue([agent('ann'), agent('ben')], []), now)
    engine.removeAgent('ann')
    engine.removeAgent('nobody')
    engine.removeItem('nothing')
    engine.putItem(item('i', { queuedAt: now + seconds(5) }))
    expect(engine.decide(now + seconds(10)).decisions).toMatchObject([{ agentId: 'ben', expiresAt: now + seconds(40) }])
    engine.putItem(item('j'))
    engine.putAgent(agent('ann'))
    expect(engine.decide(now).decisions).toMatchObject([{ itemId: 'j', agentId: 'ann', expiresAt: now + seconds(40) }])
  })

  test('the age an item was made with is never touched', () => {
    const walk = new RoutingWalk(5)
    const ages = new Map<string, number>()
    for (let event = 0; event < 1_000; event++) {
      walk.step()
      for (const { id, createdAt } of walk.engine.snapshot().items) {
        expect(createdAt).toBe(ages.get(id) ?? createdAt)
        ages.set(id, createdAt)
      }
    }
  })

  test('in a centre of 1,000 agents and 10,000 items too', () => {
    const snapshot = largeCentre(1_000, 10_000)
    const engine = new RoutingEngine(snapshot, now)
    const { decisions } = engine.decide(now)
    const [first] = decisions
    const freed = engine.agent(first?.agentId ?? '')
    const gone = first?.itemId ?? ''
    expect(freed).toBeDefined()
    if (freed === undefined || first === undefined) return
    engine.removeItem(gone)
    engine.putAgent({ ...freed, held: { ...freed.held, [first.channel]: freed.held[first.channel] - 1 } })
    const anew = new RoutingEngine(engine.snapshot(), now).decide(now)
    expect(engine.decide(now)).toEqual(anew)
  })
})
