import type { Decision } from '../core/routing/decision.ts'
import { RoutingEngine } from '../core/routing/engine.ts'
import type { Random } from '../core/simulation/random.ts'
import { below, benchItem, benchRandom, type CentreSize, fullSize, routingCentre } from './b3-centre.ts'
import { type Figure, figure, medianFigure } from './figures.ts'
import { percentile } from './percentiles.ts'

const startAt = 1_760_000_000_000

/**
 * B3, the decisions alone, in memory: the first assignment of everything that waits, then what one event costs from telling the engine
 * to its decision. Half of the events are contacts that end, half contacts that arrive, so that the line keeps its length.
 */
export function measureDecisions(size: CentreSize = fullSize, events = 1_000, runs = 5): Figure[] {
  const first: Figure[] = []
  let engine = new RoutingEngine({ queues: [], agents: [], items: [] }, startAt)
  let given: Decision[] = []
  const random = benchRandom()
  for (let run = 0; run < runs; run++) {
    engine = new RoutingEngine(routingCentre(size, benchRandom(), startAt), startAt)
    const startedMs = performance.now()
    given = [...engine.decide(startAt).decisions]
    first.push(figure('B3.core.first', performance.now() - startedMs, 'ms', { limit: 300, note: `${given.length} offers` }))
  }
  const { spentMs, decisions } = liveThrough(engine, given, size, random, events)
  const sorted = spentMs.toSorted((a, b) => a - b)
  return [
    medianFigure(first),
    figure('B3.core.event.p50', percentile(sorted, 0.5), 'ms'),
    figure('B3.core.event.p99', percentile(sorted, 0.99), 'ms', { limit: 0.5, note: `${decisions} offers` }),
  ]
}

/** Lets events happen one at a time and times each with its decision. */
function liveThrough(
  engine: RoutingEngine,
  given: Decision[],
  size: CentreSize,
  random: Random,
  events: number,
): { spentMs: number[]; decisions: number } {
  const spentMs: number[] = []
  let decisions = 0
  let at = startAt
  for (let event = 0; event < events; event++) {
    at += 20 + below(random, 20)
    const ending = event % 2 === 0 ? given.splice(below(random, given.length), 1)[0] : undefined
    const agent = ending === undefined ? undefined : engine.agent(ending.agentId)
    const item = benchItem(size.items + event, size, random, at + 300_000)
    const startedMs = performance.now()
    if (ending !== undefined && agent !== undefined) {
      engine.removeItem(ending.itemId)
      engine.putAgent({ ...agent, held: { ...agent.held, [ending.channel]: agent.held[ending.channel] - 1 }, idleSince: at })
    } else engine.putItem({ ...item, createdAt: at, queuedAt: at })
    const made = engine.decide(at).decisions
    spentMs.push(performance.now() - startedMs)
    decisions += made.length
    given.push(...made)
  }
  return { spentMs, decisions }
}
