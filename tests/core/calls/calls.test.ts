import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CallFact, type CallSpan, callTimes } from '../../../src/core/calls/call-times.ts'
import { type LegReport, newLeg, reportLeg } from '../../../src/core/calls/leg.ts'

const reports: readonly LegReport[] = ['dialling', 'ringing', 'answered', 'completed', 'busy', 'no_answer', 'canceled', 'failed']
const order = ['dialling', 'ringing', 'answered', 'ended'] as const

describe('a line', () => {
  it.each([
    [['ringing', 'answered', 'completed'], 'ended', 'completed'],
    [['answered', 'ringing', 'dialling'], 'answered', null],
    [['completed', 'answered'], 'ended', 'completed'],
    [['ringing', 'no_answer', 'completed'], 'ended', 'no_answer'],
    [['answered', 'busy'], 'answered', null],
    [['answered', 'no_answer', 'completed'], 'ended', 'completed'],
  ] as const)('%j: %s, %s', (told, state, end) => {
    expect(told.reduce(reportLeg, newLeg)).toEqual({ state, end })
  })

  it('only goes on, has an end exactly when it has ended, and repeats change nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...reports)), fc.constantFrom(...reports), (told, last) => {
        const before = told.reduce(reportLeg, newLeg)
        const after = reportLeg(before, last)
        expect(order.indexOf(after.state)).toBeGreaterThanOrEqual(order.indexOf(before.state))
        expect(after.end !== null).toBe(after.state === 'ended')
        expect(reportLeg(after, last)).toEqual(after)
      }),
    )
  })
})

const agent = { legId: 'a', role: 'agent' } as const
const customer = { legId: 'c', role: 'customer' } as const
const span: CallSpan = { beganAt: 0, queuedAt: 10, endedAt: 100 }

describe('the times of a call', () => {
  it.each<[string, CallSpan, CallFact[], object]>([
    ['is all menu when the caller hangs up there', { ...span, queuedAt: null }, [], { ivrMs: 100 }],
    ['waits when nobody comes', span, [], { ivrMs: 10, waitMs: 90 }],
    ['talks from the agent’s joining to the end', span, [{ ...agent, type: 'joined', at: 30 }], { ivrMs: 10, waitMs: 20, talkMs: 70 }],
    [
      'counts the customer’s hold, also when its end was never told',
      span,
      [
        { ...agent, type: 'joined', at: 30 },
        { ...customer, type: 'held', at: 50 },
      ],
      { ivrMs: 10, waitMs: 20, talkMs: 20, holdMs: 50 },
    ],
    [
      'tells a lost agent from the first wait',
      span,
      [
        { ...agent, type: 'joined', at: 30 },
        { ...agent, type: 'left', at: 60 },
        { legId: 'b', role: 'agent', type: 'joined', at: 80 },
      ],
      { ivrMs: 10, waitMs: 20, talkMs: 50, aloneMs: 20 },
    ],
    ['moves what lies outside to the edge', span, [{ ...agent, type: 'joined', at: 300 }], { ivrMs: 10, waitMs: 90 }],
  ])('%s', (_what, bounds, facts, expected) => {
    const none = { ivrMs: 0, waitMs: 0, talkMs: 0, holdMs: 0, aloneMs: 0 }
    expect(callTimes(bounds, facts)).toEqual({ ...none, totalMs: 100, ...expected })
  })

  const fact: fc.Arbitrary<CallFact> = fc
    .record({
      type: fc.constantFrom('joined', 'left', 'held', 'resumed'),
      leg: fc.constantFrom(customer, agent, { legId: 'b', role: 'agent' } as const, { legId: 'x', role: 'other' } as const),
      at: fc.integer({ min: -20, max: 140 }),
    })
    .map(({ type, leg, at }) => ({ ...leg, type, at }))
  const bounds: fc.Arbitrary<CallSpan> = fc.record({
    beganAt: fc.integer({ min: 0, max: 50 }),
    queuedAt: fc.option(fc.integer({ min: 0, max: 120 })),
    endedAt: fc.integer({ min: 0, max: 120 }),
  })

  it('always add up, whatever is missing', () => {
    fc.assert(
      fc.property(bounds, fc.array(fact), (given, facts) => {
        const { totalMs, ...parts } = callTimes(given, facts)
        const all = Object.values(parts)
        expect(Math.min(...all)).toBeGreaterThanOrEqual(0)
        expect(all.reduce((sum, ms) => sum + ms, 0)).toBe(totalMs)
        expect(totalMs).toBe(Math.max(0, given.endedAt - given.beganAt))
      }),
    )
  })

  it('do not depend on the order in which facts came, nor on repeats', () => {
    const shuffled = fc
      .array(fact)
      .chain((facts) => fc.tuple(fc.constant(facts), fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 })))
    fc.assert(
      fc.property(bounds, shuffled, (given, [facts, told]) => {
        expect(callTimes(given, told)).toEqual(callTimes(given, facts))
      }),
    )
  })
})
