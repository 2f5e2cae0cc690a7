import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { acceptsByItself, avoidAfter, declineRefusal, notRespondingEndsAt, stickyAgent } from '../../../src/core/routing/terms.ts'
import { exponential, seededRandom } from '../../../src/core/simulation/random.ts'
import { admit } from '../../../src/core/waiting/admission.ts'
import {
  type CallbackEvent,
  type CallbackState,
  mayBeOffered,
  moveCallback,
  newCallback,
  promiseBroken,
} from '../../../src/core/waiting/callback.ts'
import { estimateWait, waitClasses, worthTelling } from '../../../src/core/waiting/expected-wait.ts'
import { type Place, placeInLine } from '../../../src/core/waiting/one-place.ts'
import { actionOnTurn, leavesQueue, nextWaitingStep } from '../../../src/core/waiting/steps.ts'
import { type QueueSettings, queueSettingsSchema } from '../../../src/wire/queues.ts'

const settings = (said: object = {}): QueueSettings => queueSettingsSchema.parse(said)
const t0 = 1_760_000_000_000
const minuteMs = 60_000

describe('§1 One place in line per contact and need', () => {
  const waits: Place = {
    conversationId: 'call',
    queueId: 'orders',
    channel: 'phone',
    status: 'queued',
    priority: 6,
    createdAt: t0 - 5 * minuteMs,
    queuedAt: t0 - 4 * minuteMs,
    deadlineAt: t0 + minuteMs,
  }
  const arrival = {
    conversationId: 'line',
    channel: 'line' as const,
    needQueueId: 'orders',
    at: t0,
    priority: 5,
    deadlineAt: t0 + 9 * minuteMs,
  }

  test('who hangs up and writes on LINE keeps age, priority and the SLA clock', () => {
    expect(placeInLine(arrival, [waits])).toEqual({
      kind: 'joined',
      from: 'call',
      queueId: 'orders',
      priority: 6,
      createdAt: waits.createdAt,
      queuedAt: waits.queuedAt,
      deadlineAt: t0 + minuteMs,
      withdrawOffer: false,
    })
    expect(placeInLine(arrival, [{ ...waits, status: 'offered' }])).toMatchObject({ withdrawOffer: true })
  })

  test('another need has a place of its own, and nobody joins themselves', () => {
    expect(placeInLine({ ...arrival, needQueueId: 'returns' }, [waits])).toEqual({ kind: 'new' })
    expect(placeInLine(arrival, [{ ...waits, conversationId: 'line' }])).toEqual({ kind: 'new' })
    expect(placeInLine(arrival, [])).toEqual({ kind: 'new' })
  })

  test('nothing is ever lost by joining: not age, priority nor deadline, whichever places there are', () => {
    const place = fc.record({ id: fc.integer({ min: 0, max: 99 }), age: fc.nat(minuteMs), priority: fc.integer({ min: 0, max: 9 }) })
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 5 }), (list) => {
        const places = list.map(({ id, age, priority }): Place => ({ ...waits, conversationId: `c${id}`, createdAt: t0 - age, priority }))
        const joined = placeInLine(arrival, places)
        expect(joined).toMatchObject({ kind: 'joined', createdAt: Math.min(...places.map(({ createdAt }) => createdAt)) })
        expect(placeInLine(arrival, places.toReversed())).toMatchObject({ from: 'from' in joined ? joined.from : '' })
        if (joined.kind === 'joined') expect(joined.priority).toBeGreaterThanOrEqual(arrival.priority)
      }),
      { seed: 1, numRuns: 100 },
    )
  })
})

describe('§3 The agent to return to', () => {
  test('the last agent or the owner, for the configured time', () => {
    const past = { lastAgentId: 'ann', ownerId: 'ben' }
    const to = (sticky: object, who = past) => stickyAgent(settings({ sticky }), who, t0)
    expect(to({ to: 'last_agent', forMs: 9_000 })).toEqual({ agentId: 'ann', until: t0 + 9_000 })
    expect(to({ to: 'owner', forMs: 9_000 })?.agentId).toBe('ben')
    expect(stickyAgent(settings({ sticky: { to: 'owner', forMs: 1 } }), { lastAgentId: 'ann', ownerId: null }, t0)?.agentId).toBe('ann')
    expect([to({ to: 'none' }), to({ forMs: 0 })]).toEqual([null, null])
    expect(stickyAgent(settings(), { lastAgentId: null, ownerId: null }, t0)).toBeNull()
  })
})

describe('§5 Offer outcomes', () => {
  test('a decline may need a reason, and one the queue knows', () => {
    const needs = settings({ declineReasons: ['busy', 'not mine'], declineReasonRequired: true })
    expect([null, ' ', 'busy', 'bored'].map((reason) => declineRefusal(needs, reason) === null)).toEqual([false, false, true, false])
    expect([null, 'anything'].map((reason) => declineRefusal(settings(), reason))).toEqual([null, null])
  })

  test('who declined is passed over for the queue’s time; what has run out is forgotten', () => {
    const before = [
      { agentId: 'old', until: t0 },
      { agentId: 'ann', until: t0 + 1 },
      { agentId: 'ben', until: t0 + 5 },
    ]
    expect(avoidAfter(before, 'ann', settings({ avoidMs: 90 }), t0)).toEqual([
      { agentId: 'ben', until: t0 + 5 },
      { agentId: 'ann', until: t0 + 90 },
    ])
    expect(avoidAfter(before, 'ann', settings({ avoidMs: 0 }), t0)).toEqual([{ agentId: 'ben', until: t0 + 5 }])
  })

  test('auto-accept by channel; not responding ends by itself only where the centre says so', () => {
    expect(['line', 'phone'].map((channel) => acceptsByItself({ autoAccept: ['phone'] }, channel as 'line'))).toEqual([false, true])
    expect([notRespondingEndsAt(t0, { notRespondingMs: null }), notRespondingEndsAt(t0, { notRespondingMs: minuteMs })]).toEqual([
      null,
      t0 + minuteMs,
    ])
  })
})

describe('§6 Position and expected wait', () => {
  const pace = (count: number) => ({ answeredAt: Array.from({ length: count }, (_, n) => t0 - n * 1_000), windowMs: 10 * minuteMs })

  test('goes by the recent answers of the queue, with a spread; without any it is not known', () => {
    const estimate = estimateWait(9, 12, pace(20), t0)
    expect(estimate).toMatchObject({ position: 10, size: 12, class: 'm5' })
    expect(estimate.expectedMs).toBeGreaterThan(4.5 * minuteMs)
    expect(estimate.expectedMs).toBeLessThanOrEqual(5 * minuteMs)
    expect(estimateWait(0, 1, { answeredAt: [t0 - 11 * minuteMs, t0 + 1], windowMs: 10 * minuteMs }, t0)).toEqual({
      position: 1,
      size: 1,
      expectedMs: null,
      spreadMs: null,
      class: 'unknown',
    })
  })

  test('the spread holds eight of ten waits of a line with random answers', () => {
    const random = seededRandom(77)
    for (const ahead of [0, 4, 19]) {
      const { spreadMs } = estimateWait(ahead, 50, pace(60), t0)
      const runs = 3_000
      let within = 0
      for (let run = 0; run < runs; run++) {
        const waited = Array.from({ length: ahead + 1 }, () => exponential(random, 10_000)).reduce((sum, ms) => sum + ms, 0)
        if (spreadMs !== null && waited >= spreadMs.from && waited <= spreadMs.to) within += 1
      }
      expect(within / runs).toBeGreaterThan(0.76)
      expect(within / runs).toBeLessThan(0.84)
    }
  })

  test('further back never waits less, and classes rise with it', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.integer({ min: 1, max: 200 }), (ahead, count) => {
        const [near, far] = [estimateWait(ahead, 600, pace(count), t0), estimateWait(ahead + 1, 600, pace(count), t0)]
        expect(far.expectedMs ?? 0).toBeGreaterThan(near.expectedMs ?? 0)
        expect(waitClasses.indexOf(far.class)).toBeGreaterThanOrEqual(waitClasses.indexOf(near.class))
        expect(near.spreadMs?.from).toBeLessThanOrEqual(near.expectedMs ?? 0)
        expect(near.spreadMs?.to).toBeGreaterThanOrEqual(near.expectedMs ?? 0)
      }),
      { seed: 2, numRuns: 200 },
    )
  })

  test('is told at first, then at most every so often and only when it is news', () => {
    const { announce } = settings({ announce: { everyMs: minuteMs } })
    const estimate = estimateWait(2, 5, pace(20), t0)
    const told = { at: t0 - minuteMs, position: 3, class: estimate.class }
    expect(worthTelling(announce, null, estimate, t0)).toBe(true)
    expect(worthTelling(announce, told, estimate, t0)).toBe(false)
    expect(worthTelling(announce, { ...told, position: 4 }, estimate, t0)).toBe(true)
    expect(worthTelling(announce, { ...told, position: 4, at: t0 - 59_999 }, estimate, t0)).toBe(false)
    expect(worthTelling(announce, { ...told, position: 1 }, estimate, t0)).toBe(false)
    expect(worthTelling(announce, { ...told, class: 'm60' }, estimate, t0)).toBe(true)
    expect(worthTelling({ ...announce, position: false, expectedWait: false }, null, estimate, t0)).toBe(false)
  })
})

describe('§6 Admission', () => {
  const moment = { open: true, onDuty: 2, waiting: 5, expectedWaitMs: 3 * minuteMs }
  const reason = (admission: object, said: object = {}) => {
    const answer = admit(settings({ admission }), { ...moment, ...said })
    return answer.admitted ? 'admitted' : answer.reason
  }

  test.each([
    ['closed', {}, { open: false }, 'closed'],
    ['nobody on duty', {}, { onDuty: 0 }, 'nobody_on_duty'],
    ['full', { maxWaiting: 5 }, {}, 'queue_full'],
    ['not full yet', { maxWaiting: 6 }, {}, 'admitted'],
    ['too long a wait', { maxExpectedWaitMs: 2 * minuteMs }, {}, 'wait_too_long'],
    ['a wait not known refuses nobody', { maxExpectedWaitMs: 1 }, { expectedWaitMs: null }, 'admitted'],
    ['too many per agent', { maxWaitingPerAgent: 2.5 }, {}, 'too_many_per_agent'],
    ['no limits', {}, {}, 'admitted'],
    [
      'nobody waits and someone is on duty: always',
      { maxWaiting: 0, maxExpectedWaitMs: 0, maxWaitingPerAgent: 0 },
      { waiting: 0 },
      'admitted',
    ],
  ])('%s', (_, admission, said, expected) => {
    expect(reason(admission, said)).toBe(expected)
  })

  test('each reason has its own answer; without one they wait all the same', () => {
    const { admission } = settings({ admission: { answers: { closed: { kind: 'voicemail' } } } })
    expect(admit({ admission }, { ...moment, open: false })).toEqual({ admitted: false, reason: 'closed', action: { kind: 'voicemail' } })
    expect(admit({ admission }, { ...moment, onDuty: 0 })).toEqual({ admitted: false, reason: 'nobody_on_duty', action: null })
  })
})

describe('§6 While waiting', () => {
  test('the steps come in the order of their time, each once', () => {
    const queue = settings({
      whileWaiting: [
        { afterMs: 90_000, action: { kind: 'queue', queueId: 'other' } },
        { afterMs: 30_000, action: { kind: 'raise_priority', by: 2 } },
      ],
    })
    expect(nextWaitingStep(queue, { queuedAt: t0, taken: 0 })).toMatchObject({
      step: { action: { kind: 'raise_priority' } },
      dueAt: t0 + 30_000,
    })
    expect(nextWaitingStep(queue, { queuedAt: t0, taken: 1 })).toMatchObject({ step: { action: { kind: 'queue' } }, dueAt: t0 + 90_000 })
    expect(nextWaitingStep(queue, { queuedAt: t0, taken: 2 })).toBeNull()
    expect(queue.whileWaiting.map(({ action }) => leavesQueue(action))).toEqual([true, false])
  })

  test('closing hours and an emptied queue, per setting; without one they go on waiting', () => {
    const queue = settings({ onClosing: { kind: 'callback' } })
    expect([actionOnTurn(queue, 'closed'), actionOnTurn(queue, 'emptied')]).toEqual([{ kind: 'callback' }, null])
  })
})

describe('§6 Callback', () => {
  const fresh = (scheduledFor: number | null = null) => newCallback({ maxTries: 2, minGapMs: 10 * minuteMs, scheduledFor })
  const run = (state: CallbackState, ...events: readonly (readonly [number, CallbackEvent])[]): CallbackState =>
    events.reduce((now, [ms, event]) => {
      const step = moveCallback(now, event, t0 + ms)
      if (!step.ok) throw new Error(step.sentence)
      return step.next
    }, state)
  const dial: CallbackEvent = { type: 'dialled', promiseToleranceMs: minuteMs }
  const tried = (result: 'busy' | 'voicemail' | 'reached' | 'no_answer'): CallbackEvent => ({ type: 'tried', result })

  test('the agent accepts first, then the customer is dialled', () => {
    expect(moveCallback(fresh(), dial, t0)).toMatchObject({ ok: false })
    expect(run(fresh(), [0, { type: 'offered' }], [1, dial], [2, tried('reached')])).toMatchObject({
      status: 'reached',
      tries: 1,
      endedAt: t0 + 2,
    })
  })

  test('no answer, busy and voicemail count as tries, with a gap between, up to the most', () => {
    const once = run(fresh(), [0, { type: 'offered' }], [0, dial], [0, tried('busy')])
    expect(once).toMatchObject({ status: 'waiting', nextTryAt: t0 + 10 * minuteMs, tries: 1 })
    expect([mayBeOffered(once, t0 + 10 * minuteMs - 1), mayBeOffered(once, t0 + 10 * minuteMs)]).toEqual([false, true])
    expect(moveCallback(once, { type: 'offered' }, t0 + 1)).toMatchObject({ ok: false })
    const twice = run(once, [10 * minuteMs, { type: 'offered' }], [10 * minuteMs, dial], [11 * minuteMs, tried('voicemail')])
    expect(twice).toMatchObject({ status: 'failed', tries: 2, lastTry: 'voicemail', endedAt: t0 + 11 * minuteMs })
  })

  test('a declined offer is no try; a call of the customer’s takes its place over', () => {
    expect(run(fresh(), [0, { type: 'offered' }], [1, { type: 'offer_ended' }])).toMatchObject({
      status: 'waiting',
      tries: 0,
      nextTryAt: null,
    })
    expect(run(fresh(), [0, { type: 'offered' }], [1, { type: 'customer_called' }])).toMatchObject({
      status: 'superseded',
      endedAt: t0 + 1,
    })
    expect(moveCallback(run(fresh(), [0, { type: 'cancelled' }]), { type: 'offered' }, t0)).toMatchObject({ ok: false })
  })

  test('a promised time is kept or broken, once, and not offered before', () => {
    const at = t0 + 60 * minuteMs
    expect(mayBeOffered(fresh(at), at - 1)).toBe(false)
    const promise = (ms: number) => run(fresh(at), [ms, { type: 'offered' }], [ms, dial]).promise
    expect([promise(60 * minuteMs), promise(61 * minuteMs), promise(61 * minuteMs + 1)]).toEqual(['kept', 'kept', 'broken'])
    expect([promiseBroken(fresh(at), at + minuteMs, minuteMs), promiseBroken(fresh(at), at + minuteMs + 1, minuteMs)]).toEqual([
      false,
      true,
    ])
    expect(promiseBroken(fresh(), t0, 0)).toBe(false)
  })

  test('whatever happens, tries never exceed the most and an end stays an end', () => {
    const event = fc.constantFrom<CallbackEvent>({ type: 'offered' }, { type: 'offer_ended' }, dial, tried('busy'), tried('reached'), {
      type: 'cancelled',
    })
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.nat(15 * minuteMs)), { maxLength: 40 }), (steps) => {
        let state = fresh()
        let at = t0
        for (const [next, ms] of steps) {
          at += ms
          const step = moveCallback(state, next, at)
          if (state.endedAt !== null) expect(step.ok).toBe(false)
          if (step.ok) state = step.next
          expect(state.tries).toBeLessThanOrEqual(state.maxTries)
        }
      }),
      { seed: 6, numRuns: 200 },
    )
  })
})
