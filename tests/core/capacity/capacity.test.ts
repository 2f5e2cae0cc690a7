import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyHanded, type Held, heldOf, holdsSlot, loadOf, type SlotState, weightOf, withItem } from '../../../src/core/capacity/load.ts'
import { mayTake, standsInTheWay, weightInTheWay } from '../../../src/core/capacity/may-take.ts'
import { parkAt } from '../../../src/core/capacity/parking.ts'
import { type CapacityRules, capacityRules, channelIds, defaultCapacity } from '../../../src/core/capacity/rules.ts'
import type { ChannelId } from '../../../src/wire/words.ts'

const holding = (held: Partial<Held>): Held => ({ ...emptyHanded, ...held })
const reasonOf = (held: Partial<Held>, channel: ChannelId, rules: CapacityRules = defaultCapacity): string => {
  const verdict = mayTake(holding(held), channel, rules)
  return verdict.ok ? 'ok' : `${verdict.reason}/${verdict.limit}${verdict.by === null ? '' : ` ${verdict.by}`}`
}

describe('§4 defaults', () => {
  test('are 1 call, 4 chats, 6 LINE or SMS, 10 mails, weighing 100/20/15/8 of 100', () => {
    expect(defaultCapacity.max).toEqual({ phone: 1, webchat: 4, line: 6, sms: 6, email: 10 })
    expect(defaultCapacity.weights).toEqual({ phone: 100, webchat: 20, line: 15, sms: 15, email: 8 })
    expect(defaultCapacity.total).toBe(100)
  })

  test('a call admits nothing, nothing but a call keeps mail out, a chat does not admit a call', () => {
    const { interruptedBy } = defaultCapacity
    expect(interruptedBy.phone).toEqual([])
    for (const channel of channelIds) if (channel !== 'phone') expect(interruptedBy[channel]).toContain('email')
    expect(interruptedBy.webchat).not.toContain('phone')
  })
})

describe('mayTake', () => {
  test.each<{ held: Partial<Held>; channel: ChannelId; verdict: string }>([
    { held: {}, channel: 'phone', verdict: 'ok' },
    { held: { webchat: 3 }, channel: 'webchat', verdict: 'ok' },
    { held: { webchat: 4 }, channel: 'webchat', verdict: 'capacity/channel' },
    { held: { webchat: 4 }, channel: 'line', verdict: 'ok' },
    { held: { webchat: 4, line: 1 }, channel: 'email', verdict: 'capacity/total' },
    { held: { line: 5 }, channel: 'line', verdict: 'ok' },
    { held: { line: 6 }, channel: 'line', verdict: 'capacity/channel' },
    { held: { line: 6 }, channel: 'sms', verdict: 'capacity/total' },
    { held: { email: 9 }, channel: 'email', verdict: 'ok' },
    { held: { email: 10 }, channel: 'email', verdict: 'capacity/channel' },
    { held: { phone: 1 }, channel: 'phone', verdict: 'blocked_by_call/interruption phone' },
    { held: { phone: 1 }, channel: 'webchat', verdict: 'blocked_by_call/interruption phone' },
    { held: { phone: 1 }, channel: 'email', verdict: 'blocked_by_call/interruption phone' },
    { held: { webchat: 1 }, channel: 'phone', verdict: 'capacity/interruption webchat' },
    { held: { email: 1 }, channel: 'phone', verdict: 'capacity/total' },
  ])('holding $held, one more $channel: $verdict', ({ held, channel, verdict }) => {
    expect(reasonOf(held, channel)).toBe(verdict)
  })

  test('rules are changed per organisation, group and agent, the later winning', () => {
    const rules = capacityRules(
      { total: 200, max: { webchat: 2 } },
      { max: { webchat: 3, line: 0 } },
      { weights: { phone: 50 }, interruptedBy: { webchat: ['phone'] } },
    )
    expect(reasonOf({ webchat: 2 }, 'phone', rules)).toBe('ok')
    expect(reasonOf({ webchat: 2 }, 'webchat', rules)).toBe('capacity/interruption webchat')
    expect(reasonOf({}, 'line', rules)).toBe('capacity/channel')
    expect(rules.max.webchat).toBe(3)
    expect(rules.weights).toEqual({ ...defaultCapacity.weights, phone: 50 })
  })

  test('nothing said leaves the defaults, and changes never write to them', () => {
    expect(capacityRules()).toEqual(defaultCapacity)
    expect(capacityRules({})).toEqual(defaultCapacity)
    capacityRules({ max: { phone: 9 } })
    expect(defaultCapacity.max.phone).toBe(1)
  })
})

const someHeld: fc.Arbitrary<Held> = fc.record({
  phone: fc.nat(2),
  sms: fc.nat(7),
  line: fc.nat(7),
  email: fc.nat(11),
  webchat: fc.nat(5),
})
const someRules: fc.Arbitrary<CapacityRules> = fc
  .record({
    total: fc.constantFrom(40, 100, 160, 300),
    max: fc.record({ phone: fc.nat(2), webchat: fc.nat(4), line: fc.nat(6) }),
    interruptedBy: fc.record({
      webchat: fc.subarray([...channelIds]),
      email: fc.subarray([...channelIds]),
      phone: fc.subarray([...channelIds]),
    }),
  })
  .map((changes) => capacityRules(changes))
const channel = fc.constantFrom(...channelIds)
const runs = { seed: 4, numRuns: 2_000 }

describe('properties', () => {
  test('what may be taken keeps every limit', () => {
    fc.assert(
      fc.property(someHeld, channel, someRules, (held, newcomer, rules) => {
        fc.pre(mayTake(held, newcomer, rules).ok)
        const after = withItem(held, newcomer)
        expect(after[newcomer]).toBeLessThanOrEqual(rules.max[newcomer])
        expect(weightOf(after, rules)).toBeLessThanOrEqual(rules.total)
        for (const c of channelIds) if (held[c] > 0) expect(rules.interruptedBy[c]).toContain(newcomer)
      }),
      runs,
    )
  })

  test('what may not be taken would break a limit', () => {
    fc.assert(
      fc.property(someHeld, channel, someRules, (held, newcomer, rules) => {
        fc.pre(!mayTake(held, newcomer, rules).ok)
        const breaks =
          held[newcomer] + 1 > rules.max[newcomer] ||
          weightOf(held, rules) + rules.weights[newcomer] > rules.total ||
          channelIds.some((c) => held[c] > 0 && !rules.interruptedBy[c].includes(newcomer))
        expect(breaks).toBe(true)
      }),
      runs,
    )
  })

  test('nothing is in the way exactly when it may be taken', () => {
    fc.assert(
      fc.property(someHeld, channel, someRules, (held, wanted, rules) => {
        fc.pre(rules.max[wanted] > 0)
        expect(weightInTheWay(held, wanted, rules) === 0).toBe(mayTake(held, wanted, rules).ok)
      }),
      runs,
    )
  })

  test('taking what does not stand in the way leaves the way as it is', () => {
    fc.assert(
      fc.property(someHeld, channel, channel, someRules, (held, newcomer, wanted, rules) => {
        fc.pre(!standsInTheWay(held, newcomer, wanted, rules))
        expect(weightInTheWay(withItem(held, newcomer), wanted, rules)).toBe(weightInTheWay(held, wanted, rules))
      }),
      runs,
    )
  })
})

describe('slots', () => {
  test.each<{ state: SlotState; holds: boolean }>([
    { state: 'offered', holds: true },
    { state: 'ringing', holds: true },
    { state: 'active', holds: true },
    { state: 'on_hold', holds: true },
    { state: 'wrap_up', holds: true },
    { state: 'parked', holds: false },
  ])('$state holds a slot: $holds', ({ state, holds }) => {
    expect(holdsSlot(state)).toBe(holds)
    expect(heldOf([{ channel: 'line', state }]).line).toBe(holds ? 1 : 0)
  })

  test('are shown by channel, with their weight', () => {
    const held = heldOf([
      { channel: 'webchat', state: 'active' },
      { channel: 'webchat', state: 'offered' },
      { channel: 'email', state: 'parked' },
      { channel: 'line', state: 'wrap_up' },
    ])
    expect(loadOf(held, defaultCapacity)).toEqual({ items: { webchat: 2, line: 1 }, weight: 55, total: 100 })
  })

  test('never fall below none', () => {
    expect(withItem(emptyHanded, 'line', -1)).toEqual(emptyHanded)
  })
})

describe('parkAt', () => {
  test.each<{ channel: ChannelId; said?: Partial<Record<ChannelId, number | null>>; at: number | null }>([
    { channel: 'webchat', at: 601_000 },
    { channel: 'phone', at: null },
    { channel: 'webchat', said: { webchat: 5_000 }, at: 6_000 },
    { channel: 'webchat', said: { webchat: null }, at: null },
    { channel: 'email', said: { webchat: 1 }, at: 61_000 },
  ])('$channel with $said: $at', ({ channel: on, said, at }) => {
    expect(parkAt(on, 1_000, said)).toBe(at)
  })
})
