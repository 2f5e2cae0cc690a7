import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { agentMetrics, handleMs } from '../../../src/core/metrics/agent-metrics.ts'
import { metricDefinitions } from '../../../src/core/metrics/definitions.ts'
import { distributionOf } from '../../../src/core/metrics/distribution.ts'
import { type MetricFacts, union } from '../../../src/core/metrics/facts.ts'
import { abandonOutcome, queueMetrics } from '../../../src/core/metrics/queue-metrics.ts'
import { responseMetrics } from '../../../src/core/metrics/response-metrics.ts'
import { type QueueOutcome, type QueueStay, queueOutcomeSchema, type Segment } from '../../../src/wire/metrics.ts'

const stay = (outcome: QueueOutcome | null, waitedMs = 0): QueueStay => ({
  id: 's',
  conversationId: 'c',
  queueId: 'q',
  channel: 'line',
  priority: 5,
  createdAt: 0,
  enteredAt: 1_000,
  leftAt: outcome === null ? null : 1_000 + waitedMs,
  outcome,
  agentId: null,
})
const segment = (startedAt: number, endedAt: number | null, said: Partial<Segment> = {}): Segment => ({
  id: 'g',
  conversationId: 'c',
  queueId: 'q',
  agentId: 'ann',
  channel: 'line',
  startedAt,
  wrapUpAt: null,
  endedAt,
  holdMs: 0,
  parkedMs: 0,
  transferred: false,
  ...said,
})
const facts = (said: Partial<MetricFacts> = {}): MetricFacts => ({
  from: 0,
  to: 1_000,
  now: 1_000,
  stays: [],
  segments: [],
  agentTimes: [],
  offers: [],
  conversations: [],
  serviceLevelMs: 20,
  ...said,
})

describe('§10 Queue figures', () => {
  test('service level by its public formulas; the limit counts as in time', () => {
    const stays = [
      stay('answered', 20),
      stay('answered', 21),
      stay('abandoned', 50),
      stay('short_abandoned', 2),
      stay('overflowed', 9),
      stay(null),
    ]
    expect(queueMetrics(stays, 20)).toMatchObject({
      serviceLevel: 1 / 3,
      serviceLevelStrict: 1 / 4,
      serviceLevelAnswered: 1 / 2,
      abandonRate: 1 / 3,
      ended: 5,
      waiting: 1,
      answerTime: { mean: 20.5, max: 21 },
      abandonTime: { count: 1, p50: 50 },
    })
  })

  test('nothing to compute from is null, not nought', () => {
    expect(queueMetrics([], 20)).toMatchObject({ serviceLevel: null, abandonRate: null, answerTime: { count: 0, mean: null, p90: null } })
  })

  test('outcomes are exclusive: they add up to what ended, whatever ended how', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.constantFrom(...queueOutcomeSchema.options))), (list) => {
        const { outcomes, ended, waiting } = queueMetrics(
          list.map((outcome) => stay(outcome)),
          20,
        )
        expect(Object.values(outcomes).reduce((sum, n) => sum + n, 0)).toBe(ended)
        expect(ended + waiting).toBe(list.length)
      }),
      { seed: 1, numRuns: 100 },
    )
  })

  test('given up within the short time is no abandonment', () => {
    expect([abandonOutcome(5_000, 5_000), abandonOutcome(5_001, 5_000)]).toEqual(['short_abandoned', 'abandoned'])
  })
})

describe('§10 Agent figures', () => {
  test('occupancy counts time with at least one contact once, concurrency how many at a time', () => {
    const measured = agentMetrics(
      facts({
        segments: [segment(100, 300), segment(200, 400)],
        agentTimes: [
          { agentId: 'ann', state: 'available', from: 0, to: 600 },
          { agentId: 'ann', state: 'away', from: 600, to: 800 },
          { agentId: 'ann', state: 'offline', from: 800, to: null },
        ],
      }),
    )
    expect(measured).toMatchObject({ occupancy: 300 / 600, concurrency: 400 / 300, loggedInMs: 800, handled: 2, contactsPerHour: 9_000 })
  })

  test('what has not ended counts up to now, and what lies outside the time does not', () => {
    const measured = agentMetrics(
      facts({
        from: 500,
        segments: [segment(400, null)],
        agentTimes: [{ agentId: 'ann', state: 'available', from: 0, to: null }],
        now: 900,
      }),
    )
    expect(measured).toMatchObject({ occupancy: 1, loggedInMs: 400, handled: 0 })
  })

  test('handle time is talk, hold and wrap-up; parked time is none of the agent’s', () => {
    expect(handleMs(segment(0, 500, { parkedMs: 300, wrapUpAt: 450, holdMs: 40 }))).toBe(200)
  })

  test('offers are counted by outcome, made ones with those that still ring', () => {
    const offers = (['accepted', 'declined', 'expired', 'expired', 'pending'] as const).map((status) => ({
      agentId: 'ann',
      queueId: 'q',
      status,
      createdAt: 0,
    }))
    expect(agentMetrics(facts({ offers })).offers).toEqual({ made: 5, accepted: 1, declined: 1, expired: 2, withdrawn: 0 })
  })

  test('occupancy and concurrency keep their bounds whatever the parts', () => {
    const part = fc.tuple(fc.nat(1_000), fc.nat(1_000)).map(([a, b]) => segment(Math.min(a, b), Math.max(a, b)))
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (segments) => {
        const { occupancy, concurrency } = agentMetrics(
          facts({ segments, agentTimes: [{ agentId: 'ann', state: 'available', from: 0, to: 1_000 }] }),
        )
        expect(occupancy).toBeGreaterThanOrEqual(0)
        expect(occupancy).toBeLessThanOrEqual(1)
        if (concurrency !== null) expect(concurrency).toBeGreaterThanOrEqual(1)
        const united = union(segments.map(({ startedAt, endedAt }) => ({ from: startedAt, to: endedAt ?? 0 })))
        for (const [n, span] of united.entries()) expect(span.from).toBeGreaterThan(united[n - 1]?.to ?? -1)
      }),
      { seed: 2, numRuns: 100 },
    )
  })
})

describe('§10 Response figures', () => {
  test('from the first customer message to the first human answer, bot time apart; never answered shown apart', () => {
    const fact = { conversationId: 'c', firstCustomerAt: 0, handedOffAt: null, firstResponseAt: null, resolvedAt: null, reopened: false }
    const measured = responseMetrics([
      { ...fact, firstResponseAt: 100, handedOffAt: 60, resolvedAt: 500, reopened: true },
      { ...fact, firstResponseAt: 300 },
      { ...fact, resolvedAt: 900 },
      fact,
    ])
    expect(measured).toMatchObject({
      neverAnswered: 1,
      reopenRate: 0.5,
      firstResponse: { count: 2, mean: 200 },
      firstResponseAfterBot: { mean: 170 },
    })
  })
})

describe('§10 Formulas', () => {
  test('every figure has a definition, and no definition is without its figure', () => {
    const made = { ...queueMetrics([], 1), ...agentMetrics(facts()), ...responseMetrics([]) }
    const figures = Object.keys(made).filter((name) => !['ended', 'loggedInMs', 'conversations'].includes(name))
    expect(metricDefinitions.map(({ id }) => id).toSorted()).toEqual(figures.toSorted())
  })

  test('percentiles are by nearest rank', () => {
    expect(distributionOf([5, 1, 4, 2, 3, 6, 7, 8, 9, 10])).toEqual({ count: 10, mean: 5.5, p50: 5, p90: 9, p95: 10, max: 10 })
  })
})
