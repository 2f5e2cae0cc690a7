import fc from 'fast-check'
import { DateTime } from 'luxon'
import { describe, expect, test } from 'vitest'
import { OpenHours } from '../../../src/core/calendars/open-hours.ts'
import { dueOf, endClock, pauseClock, ranMs, resumeClock, retimeClock, type SlaClock, startClock } from '../../../src/core/sla/clock.ts'
import { followSla, nextDeadline, type SlaContext, type SlaEvent } from '../../../src/core/sla/follow.ts'
import { type ClockTerms, policyFor, targetMsAt, termsFor } from '../../../src/core/sla/policy.ts'
import { calendarSettingsSchema } from '../../../src/wire/calendars.ts'
import { entryFactsSchema } from '../../../src/wire/conditions.ts'
import { slaSettingsSchema, slaTargetSchema } from '../../../src/wire/sla-policies.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const t0 = DateTime.fromISO('2026-03-02T10:00', { zone: 'Asia/Taipei' }).toMillis()
const wall: ClockTerms = { policyId: 'p', time: 'wall', calendarId: null, targetMs: hourMs, warnBeforeMs: 10 * minuteMs }
const working: ClockTerms = { ...wall, time: 'working', calendarId: 'office' }
const nine = [{ from: '09:00', to: '18:00' }]
const office = (closures: object[] = []) =>
  new OpenHours(
    calendarSettingsSchema.parse({
      zone: 'Asia/Taipei',
      week: { mon: nine, tue: nine, wed: nine, thu: nine, fri: nine, sat: [], sun: [] },
      closures,
    }),
  )
const hoursOf = (id: string) => (id === 'office' ? office() : undefined)
const facts = entryFactsSchema.parse({ channel: 'line', inboxId: 'i', queueId: 'q', priority: 5 })
const policy = (id: string, position: number, settings: object, enabled = true) => ({
  id,
  name: id,
  enabled,
  position,
  settings: slaSettingsSchema.parse(settings),
})

describe('§8 Policies', () => {
  test('match from the top: the first whose condition holds', () => {
    const policies = [
      policy('rest', 9, { when: {}, targets: { first_response: { ms: hourMs } } }),
      policy('mail', 1, { when: { tests: [{ fact: 'channel', anyOf: ['email'] }] }, targets: {} }),
      policy('line', 2, { when: { tests: [{ fact: 'channel', anyOf: ['line'] }] }, targets: {} }),
      policy('off', 0, { when: {}, targets: {} }, false),
    ]
    expect(policyFor(policies, facts, () => true)?.id).toBe('line')
    expect(policyFor(policies, { ...facts, channel: 'sms' }, () => true)?.id).toBe('rest')
    expect(policyFor([], facts, () => true)).toBeNull()
  })

  test('targets by priority: its own, else the nearest lower, else the general one', () => {
    const time = { ms: hourMs, byPriority: { '7': 600_000, '9': 60_000 } }
    expect([0, 6, 7, 8, 9].map((priority) => targetMsAt(time, priority))).toEqual([hourMs, hourMs, 600_000, 600_000, 60_000])
  })

  test('without a policy the queue’s own first-response time counts, and nothing else is promised', () => {
    expect(slaTargetSchema.options.map((target) => termsFor(null, target, 5, 30_000)?.targetMs ?? null)).toEqual([30_000, null, null])
    expect(termsFor(null, 'first_response', 5, null)).toBeNull()
  })
})

describe('§8 Deadlines', () => {
  test('wall time passes always, working time only while it is open', () => {
    const evening = t0 + 7.5 * hourMs
    expect(startClock('first_response', wall, evening, hoursOf).dueAt).toBe(evening + hourMs)
    const clock = startClock('first_response', working, evening, hoursOf)
    expect(clock.dueAt).toBe(t0 + 23.5 * hourMs)
    expect(clock.warnAt).toBe(t0 + 23.5 * hourMs - 10 * minuteMs)
  })

  test('a pause moves the deadline by its length, and none is in force while it lasts', () => {
    const held = pauseClock(startClock('resolution', wall, t0, hoursOf), 'snoozed', t0 + 20 * minuteMs, hoursOf)
    expect([held.dueAt, held.warnAt, dueOf(held, t0 + 9 * hourMs)]).toEqual([null, null, []])
    const goesOn = resumeClock(held, 'snoozed', t0 + 80 * minuteMs, hoursOf)
    expect(goesOn.dueAt).toBe(t0 + 2 * hourMs)
    expect(goesOn.pauses).toEqual([{ reason: 'snoozed', from: t0 + 20 * minuteMs, to: t0 + 80 * minuteMs }])
    expect(ranMs(goesOn, t0 + 90 * minuteMs, hoursOf)).toBe(30 * minuteMs)
  })

  test('two reasons to pause: it goes on when the last has gone', () => {
    const both = pauseClock(
      pauseClock(startClock('resolution', wall, t0, hoursOf), 'snoozed', t0, hoursOf),
      'awaiting_customer',
      t0 + hourMs,
      hoursOf,
    )
    const one = resumeClock(both, 'snoozed', t0 + 2 * hourMs, hoursOf)
    expect(one.dueAt).toBeNull()
    expect(resumeClock(one, 'awaiting_customer', t0 + 3 * hourMs, hoursOf).dueAt).toBe(t0 + 4 * hourMs)
  })

  test('warning and breach are told once each, in this order', () => {
    const clock = startClock('first_response', wall, t0, hoursOf)
    expect(dueOf(clock, t0 + 49 * minuteMs)).toEqual([])
    expect(dueOf(clock, t0 + 50 * minuteMs)).toEqual(['warning'])
    expect(dueOf(clock, t0 + 2 * hourMs)).toEqual(['warning', 'breach'])
    expect(dueOf({ ...clock, warnedAt: t0, breachedAt: t0 }, t0 + 2 * hourMs)).toEqual([])
    expect(dueOf(endClock(clock, t0 + 5, 'kept'), t0 + 2 * hourMs)).toEqual([])
  })

  test('kept in time is met, kept late is missed, even where the breach has not been told yet', () => {
    const clock = startClock('first_response', wall, t0, hoursOf)
    expect([hourMs, hourMs + 1].map((ms) => endClock(clock, t0 + ms, 'kept').outcome)).toEqual(['met', 'missed'])
    expect(endClock(clock, t0 + 9, 'cancelled').outcome).toBe('cancelled')
  })

  test('an emergency closure re-times what runs; a new policy or priority too, from the same beginning', () => {
    const clock = startClock('first_response', working, t0, hoursOf)
    const closed = () => office([{ since: t0 + 30 * minuteMs, until: t0 + 4 * hourMs, reason: 'typhoon', text: {} }])
    expect(retimeClock(clock, working, t0 + 31 * minuteMs, closed).dueAt).toBe(t0 + 4.5 * hourMs)
    const sooner = retimeClock(clock, { ...wall, targetMs: 15 * minuteMs }, t0 + 5 * minuteMs, hoursOf)
    expect([sooner.startedAt, sooner.dueAt]).toEqual([t0, t0 + 15 * minuteMs])
    const warned = { ...clock, warnedAt: t0 + 50 * minuteMs }
    expect(retimeClock(warned, { ...working, targetMs: 3 * hourMs }, t0 + 51 * minuteMs, hoursOf).warnedAt).toBeNull()
    const told = { ...clock, breachedAt: t0 + hourMs }
    expect(retimeClock(told, { ...working, targetMs: 3 * hourMs }, t0 + 61 * minuteMs, hoursOf).breachedAt).toBe(t0 + hourMs)
  })

  test('a calendar that never opens gives no deadline; one that is gone counts as wall time', () => {
    const never = () =>
      new OpenHours(calendarSettingsSchema.parse({ zone: 'UTC', week: { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] } }))
    expect(startClock('first_response', working, t0, never).dueAt).toBeNull()
    expect(startClock('first_response', working, t0, () => undefined).dueAt).toBe(t0 + hourMs)
  })
})

describe('§8 What starts and stops them', () => {
  const context: SlaContext = {
    termsOf: (target) => ({ ...wall, targetMs: target === 'resolution' ? 8 * hourMs : hourMs }),
    hoursOf,
    pauseWhile: ['snoozed', 'awaiting_customer'],
  }
  const follow = (...events: readonly (readonly [number, SlaEvent])[]): readonly SlaClock[] =>
    events.reduce<readonly SlaClock[]>((clocks, [ms, event]) => followSla(clocks, event, t0 + ms, context), [])
  const says: SlaEvent = { type: 'customer_message' }
  const answers: SlaEvent = { type: 'agent_message', awaitsCustomer: true }

  test('next response counts from the oldest message without an answer', () => {
    const clocks = follow([0, says], [minuteMs, answers], [10 * minuteMs, says], [20 * minuteMs, says])
    expect(clocks.map(({ target, startedAt, outcome }) => [target, startedAt - t0, outcome])).toEqual([
      ['first_response', 0, 'met'],
      ['resolution', 0, null],
      ['next_response', 10 * minuteMs, null],
    ])
    expect(nextDeadline(clocks)).toBe(t0 + 70 * minuteMs)
  })

  test('the resolution clock stands still while the customer is awaited, and ends with the conversation', () => {
    const clocks = follow([0, says], [hourMs, answers], [5 * hourMs, says], [6 * hourMs, { type: 'resolved' }])
    const resolution = clocks.find(({ target }) => target === 'resolution')
    expect(resolution).toMatchObject({ outcome: 'met', dueAt: t0 + 12 * hourMs })
    expect(clocks.find(({ target }) => target === 'next_response')?.outcome).toBe('cancelled')
    expect(nextDeadline(clocks)).toBeNull()
  })

  test('a snooze holds every clock; a policy that no longer promises ends it', () => {
    const clocks = follow([0, says], [10 * minuteMs, { type: 'snoozed' }])
    expect(clocks.map(({ dueAt }) => dueAt)).toEqual([null, null])
    expect(followSla(clocks, { type: 'woken' }, t0 + hourMs, context)[0]?.dueAt).toBe(t0 + 110 * minuteMs)
    expect(followSla(clocks, { type: 'terms_changed' }, t0, { ...context, termsOf: () => null }).map(({ outcome }) => outcome)).toEqual([
      'cancelled',
      'cancelled',
    ])
  })

  test('never two running clocks of one target, whatever happens in whatever order', () => {
    const event = fc.constantFrom<SlaEvent['type']>(
      'customer_message',
      'agent_message',
      'snoozed',
      'woken',
      'resolved',
      'reopened',
      'terms_changed',
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.integer({ min: 0, max: hourMs }))), (steps) => {
        let at = t0
        let clocks: readonly SlaClock[] = []
        for (const [type, ms] of steps) {
          at += ms
          clocks = followSla(clocks, type === 'agent_message' ? { type, awaitsCustomer: true } : { type }, at, context)
          const running = clocks.filter(({ endedAt }) => endedAt === null).map(({ target }) => target)
          expect(new Set(running).size).toBe(running.length)
          for (const clock of clocks) expect(ranMs(clock, at, hoursOf)).toBeLessThanOrEqual(at - clock.startedAt)
        }
      }),
      { seed: 3, numRuns: 200 },
    )
  })
})
