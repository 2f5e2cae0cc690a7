import { describe, expect, test } from 'vitest'
import { emptyHanded } from '../../../src/core/capacity/load.ts'
import { capacityRules } from '../../../src/core/capacity/rules.ts'
import type { RoutingAgent } from '../../../src/core/routing/snapshot.ts'
import { erlangA, erlangC, erlangCServiceLevel, offeredLoad } from '../../../src/core/simulation/erlang.ts'
import { type DayPlan, type DaySpec, generateDay, type Stream } from '../../../src/core/simulation/plan.ts'
import { exponential, seededRandom } from '../../../src/core/simulation/random.ts'
import { replayDay } from '../../../src/core/simulation/replay.ts'
import { simulateDay } from '../../../src/core/simulation/simulate.ts'
import { queueSettingsSchema } from '../../../src/wire/queues.ts'

const from = 1_760_000_000_000
const hourMs = 3_600_000
const minuteMs = 60_000
const person = (id: string): RoutingAgent => ({
  id,
  state: 'offline',
  leaseUntil: null,
  groupIds: [],
  skills: [],
  languages: [],
  held: emptyHanded,
  capacity: capacityRules(),
  idleSince: from,
  lastOfferAt: null,
})
const shifts = (count: number, hours: number) =>
  Array.from({ length: count }, (_, n) => ({ agent: person(`a${String(n).padStart(3, '0')}`), from, to: from + hours * hourMs }))
const ids = (count: number) => shifts(count, 1).map(({ agent }) => agent.id)
const calls: Stream = {
  weight: 1,
  queueId: 'q',
  channel: 'phone',
  priority: 5,
  required: [],
  handleMs: 5 * minuteMs,
  patienceMs: 3 * minuteMs,
}
const spec = (said: Partial<DaySpec> = {}): DaySpec => ({
  from,
  perHour: [100, 140, 100],
  streams: [calls],
  shifts: shifts(10, 4),
  answerMs: 2_000,
  ...said,
})
const queue = (id: string, memberIds: readonly string[], said: object = {}) => ({
  id,
  memberIds,
  settings: queueSettingsSchema.parse(said),
})

/** A steady line of calls whose times all remember nothing, as the formulas assume. */
function steady(perHour: number, hours: number, agents: number, patienceMs: number, seed: number): DayPlan {
  const random = seededRandom(seed)
  const day = generateDay(
    spec({ perHour: Array.from({ length: hours }, () => perHour), shifts: shifts(agents, hours + 10), answerMs: 0 }),
    random,
  )
  return {
    ...day,
    arrivals: day.arrivals.map((one) => ({
      ...one,
      handleMs: exponential(random, 5 * minuteMs),
      patienceMs: exponential(random, patienceMs),
    })),
  }
}

describe('the simulator', () => {
  test('the same plan and queues give the same day; another seed another', () => {
    const run = (seed: number) => simulateDay(generateDay(spec(), seededRandom(seed)), [queue('q', ids(10))])
    expect(run(1)).toEqual(run(1))
    expect(run(2)).not.toEqual(run(1))
  })

  test('nobody is lost: whoever came was served, gave up, or was moved on to one of these', () => {
    const plan = generateDay(spec(), seededRandom(3))
    const steps = { whileWaiting: [{ afterMs: 30_000, action: { kind: 'queue', queueId: 'second' } }] }
    const { queues, handled } = simulateDay(plan, [queue('q', ids(5), steps), queue('second', ids(10))])
    const [first, second] = [queues.q, queues.second]
    expect(first?.ended).toBe(plan.arrivals.length)
    expect(second?.ended).toBe(first?.outcomes.overflowed)
    expect(first?.outcomes.overflowed).toBeGreaterThan(20)
    expect((first?.outcomes.answered ?? 0) + (second?.outcomes.answered ?? 0)).toBe(handled)
    expect([first?.waiting, second?.waiting]).toEqual([0, 0])
  })

  test('waits agree with Erlang C where nobody gives up', () => {
    const plan = steady(110, 400, 11, 1e12, 5)
    const { queues, occupancy } = simulateDay(plan, [queue('q', ids(11), { serviceLevelMs: 20_000 })])
    const load = { perHour: 110, handleMs: 5 * minuteMs, agents: 11 }
    expect((queues.q?.answerTime.mean ?? 0) / erlangC(load).meanWaitMs).toBeGreaterThan(0.85)
    expect((queues.q?.answerTime.mean ?? 0) / erlangC(load).meanWaitMs).toBeLessThan(1.15)
    expect(Math.abs((queues.q?.serviceLevel ?? 0) - erlangCServiceLevel(load, 20_000))).toBeLessThan(0.03)
    expect(occupancy).toBeGreaterThan(0.7)
  })

  test('those who give up agree with Erlang A', () => {
    const { queues } = simulateDay(steady(120, 200, 9, 3 * minuteMs, 6), [queue('q', ids(9), { shortAbandonMs: 0 })])
    const expected = erlangA({ perHour: 120, handleMs: 5 * minuteMs, agents: 9 }, 3 * minuteMs).abandonShare
    expect(Math.abs((queues.q?.abandonRate ?? 0) - expected)).toBeLessThan(0.02)
  })

  test('longest idle shares the work evenly', () => {
    const { fairShare } = simulateDay(generateDay(spec({ perHour: [80, 80, 80, 80], shifts: shifts(10, 4) }), seededRandom(8)), [
      queue('q', ids(10)),
    ])
    expect(fairShare).toBeGreaterThan(0.97)
  })

  test('closed hours, an empty centre and a full queue end as they say', () => {
    const plan = generateDay(spec(), seededRandom(4))
    const answers = { closed: { kind: 'voicemail' }, queue_full: { kind: 'callback' }, nobody_on_duty: { kind: 'close', text: {} } }
    const run = (said: object, isOpen = true, people = ids(3)) =>
      simulateDay(plan, [{ ...queue('q', people, { admission: { answers, ...said } }), isOpen: () => isOpen }]).queues.q?.outcomes
    expect(run({}, false)?.closed).toBe(plan.arrivals.length)
    expect(run({}, true, [])?.blocked).toBe(plan.arrivals.length)
    expect(run({ maxWaiting: 2 })?.callback).toBeGreaterThan(10)
  })

  test('an agent rung beside another and not chosen is free again', () => {
    const { queues, handled } = simulateDay(generateDay(spec(), seededRandom(4)), [queue('q', ids(10), { ringAgents: 3 })])
    expect(handled).toBe(queues.q?.outcomes.answered)
    expect(handled).toBeGreaterThan(250)
  })

  test('replay sets the present and the changed day side by side', () => {
    const plan = generateDay(spec(), seededRandom(9))
    const { figures, before, after } = replayDay(plan, [queue('q', ids(7))], [queue('q', ids(10))])
    expect(figures.serviceLevel).toEqual({
      before: before.serviceLevel,
      after: after.serviceLevel,
      change: (after.serviceLevel ?? 0) - (before.serviceLevel ?? 0),
    })
    expect(figures.serviceLevel.change).toBeGreaterThan(0)
    expect(figures.abandonRate.change).toBeLessThan(0)
  })
})

describe('the formulas', () => {
  test('Erlang C by its published example: 10 Erlang, 14 agents', () => {
    const load = { perHour: 200, handleMs: 3 * minuteMs, agents: 14 }
    expect(offeredLoad(load)).toBe(10)
    expect(erlangC(load).waitShare).toBeCloseTo(0.1741, 3)
    expect(erlangC(load).meanWaitMs).toBeCloseTo(7_836, -2)
    expect(erlangCServiceLevel(load, 20_000)).toBeCloseTo(0.8884, 3)
  })

  test('more load than agents: the line only grows', () => {
    expect(erlangC({ perHour: 200, handleMs: 3 * minuteMs, agents: 10 })).toEqual({
      waitShare: 1,
      meanWaitMs: Number.POSITIVE_INFINITY,
      occupancy: 1,
    })
    expect(erlangCServiceLevel({ perHour: 200, handleMs: 3 * minuteMs, agents: 9 }, 20_000)).toBe(0)
  })

  test('Erlang A comes to Erlang C where nobody gives up, and to the overload where many do', () => {
    const load = { perHour: 200, handleMs: 3 * minuteMs, agents: 14 }
    const patient = erlangA(load, 1e12)
    expect(patient.waitShare).toBeCloseTo(erlangC(load).waitShare, 4)
    expect(patient.meanWaitMs).toBeCloseTo(erlangC(load).meanWaitMs, 0)
    expect(erlangA({ perHour: 40_000, handleMs: 3 * minuteMs, agents: 1_000 }, minuteMs).abandonShare).toBeCloseTo(0.5, 2)
  })
})
