import { expect, test } from 'vitest'
import { route } from '../../../src/core/routing/route.ts'
import type { RoutingSnapshot } from '../../../src/core/routing/snapshot.ts'
import { largeCentre } from './centre.ts'
import { now } from './support.ts'

/** The best of some runs, so that what else the machine does weighs little. */
function bestMs(snapshot: RoutingSnapshot, runs: number): number {
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run < runs; run++) {
    const startedAt = performance.now()
    route(snapshot, now)
    best = Math.min(best, performance.now() - startedAt)
  }
  return best
}

test('§11 ten times the items cost at most fifteen times the time, for 1,000 agents', () => {
  const small = largeCentre(1_000, 1_000)
  const large = largeCentre(1_000, 10_000)
  bestMs(large, 3)
  const smallMs = bestMs(small, 8)
  const largeMs = bestMs(large, 8)
  const { decisions } = route(large, now)
  process.stdout.write(
    `routing 1,000 agents: ${smallMs.toFixed(1)} ms for 1,000 items, ${largeMs.toFixed(1)} ms for 10,000 (${decisions.length} offers)\n`,
  )
  expect(decisions.length).toBeGreaterThan(1_000)
  expect(largeMs / smallMs).toBeLessThanOrEqual(15)
}, 180_000)

test('§11 ten times the agents cost at most fifteen times the time, for 5,000 items', () => {
  const small = largeCentre(100, 5_000)
  const large = largeCentre(1_000, 5_000)
  bestMs(large, 3)
  expect(bestMs(large, 8) / bestMs(small, 8)).toBeLessThanOrEqual(15)
}, 180_000)
