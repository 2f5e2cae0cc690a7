import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { settleDelivery } from '../../../src/core/lifecycle/delivery.ts'
import { settleOffer } from '../../../src/core/lifecycle/offer.ts'
import { commandOutbox, type OutboxReport, reportOutbox, worstOutbox } from '../../../src/core/lifecycle/outbox.ts'
import { deliveryStatusSchema, type OutboxStatus, offerStatusSchema, outboxStatusSchema } from '../../../src/wire/words.ts'

const reports: readonly OutboxReport[] = ['accepted', 'delivered', 'read', 'failed', 'unconfirmed']

describe('outbox', () => {
  test.each<{ from: OutboxStatus; takes: OutboxReport[] }>([
    { from: 'queued', takes: ['accepted', 'delivered', 'read', 'failed'] },
    { from: 'sending', takes: ['accepted', 'delivered', 'read', 'failed', 'unconfirmed'] },
    { from: 'accepted', takes: ['delivered', 'read', 'failed', 'unconfirmed'] },
    { from: 'delivered', takes: ['read'] },
    { from: 'read', takes: [] },
    { from: 'failed', takes: ['delivered', 'read'] },
    { from: 'unconfirmed', takes: ['accepted', 'delivered', 'read', 'failed'] },
    { from: 'cancelled', takes: [] },
  ])('$from takes the reports $takes', ({ from, takes }) => {
    for (const report of reports) {
      const outcome = reportOutbox(from, report)
      expect(outcome).toEqual(takes.includes(report) ? { ok: true, next: report } : { ok: false, sentence: expect.any(String) })
    }
  })

  test.each([
    { command: 'claim' as const, moves: { queued: 'sending' } },
    { command: 'retry' as const, moves: { sending: 'queued' } },
    { command: 'resend' as const, moves: { failed: 'queued', unconfirmed: 'queued' } },
    { command: 'cancel' as const, moves: { queued: 'cancelled' } },
  ])('$command moves $moves and nothing else', ({ command, moves }) => {
    for (const from of outboxStatusSchema.options) {
      const outcome = commandOutbox(from, command)
      const next = Object.entries(moves).find(([status]) => status === from)?.[1]
      expect(outcome).toEqual(next === undefined ? { ok: false, sentence: expect.any(String) } : { ok: true, next })
    }
  })

  test('the order in which receipts arrive does not change where a message ends', () => {
    const received = fc.shuffledSubarray(['accepted', 'delivered', 'read'] as const, { minLength: 1 })
    fc.assert(
      fc.property(received, (order) => {
        let status: OutboxStatus = 'sending'
        for (const report of order) {
          const outcome = reportOutbox(status, report)
          if (outcome.ok) status = outcome.next
        }
        const best = order.includes('read') ? 'read' : order.includes('delivered') ? 'delivered' : 'accepted'
        expect(status).toBe(best)
      }),
      { seed: 1 },
    )
  })

  test('delivered or read, once told, is never taken back, and wins over failed and unconfirmed whenever it comes', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...reports), { maxLength: 8 }), (told) => {
        let status: OutboxStatus = 'sending'
        for (const report of told) {
          const outcome = reportOutbox(status, report)
          if (outcome.ok) status = outcome.next
        }
        if (told.includes('read')) expect(status).toBe('read')
        else if (told.includes('delivered')) expect(status).toBe('delivered')
        else if (told.length > 0) expect(status).not.toBe('sending')
      }),
      { seed: 1, numRuns: 1_000 },
    )
  })

  test.each<{ statuses: OutboxStatus[]; worst: OutboxStatus | null }>([
    { statuses: [], worst: null },
    { statuses: ['read', 'delivered'], worst: 'delivered' },
    { statuses: ['delivered', 'failed', 'unconfirmed'], worst: 'failed' },
    { statuses: ['accepted', 'sending', 'delivered'], worst: 'sending' },
    { statuses: ['unconfirmed', 'queued'], worst: 'unconfirmed' },
  ])('the worst of $statuses is $worst', ({ statuses, worst }) => {
    expect(worstOutbox(statuses)).toBe(worst)
  })
})

describe('offer', () => {
  const pending = { status: 'pending' as const, expiresAt: 1_000 }

  test.each([
    { ending: 'accepted' as const, at: 999, ok: true },
    { ending: 'accepted' as const, at: 1_000, ok: false },
    { ending: 'declined' as const, at: 999, ok: true },
    { ending: 'declined' as const, at: 1_000, ok: false },
    { ending: 'expired' as const, at: 999, ok: false },
    { ending: 'expired' as const, at: 1_000, ok: true },
    { ending: 'withdrawn' as const, at: 5_000, ok: true },
    { ending: 'withdrawn' as const, at: 0, ok: true },
  ])('$ending at $at of 1000: $ok', ({ ending, at, ok }) => {
    expect(settleOffer(pending, ending, at)).toEqual(ok ? { ok: true, next: ending } : { ok: false, sentence: expect.any(String) })
  })

  test('ends exactly once, whatever is tried and in whatever order', () => {
    const endings = offerStatusSchema.options.filter((status) => status !== 'pending')
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...endings), fc.nat(2_000)), { minLength: 2, maxLength: 6 }), (tries) => {
        let offer: { status: (typeof offerStatusSchema.options)[number]; expiresAt: number } = pending
        let ends = 0
        for (const [ending, at] of tries) {
          const outcome = settleOffer(offer, ending, at)
          if (!outcome.ok) continue
          ends += 1
          offer = { ...offer, status: outcome.next }
        }
        expect(ends).toBeLessThanOrEqual(1)
        expect(ends === 0).toBe(offer.status === 'pending')
      }),
      { seed: 1, numRuns: 500 },
    )
  })
})

describe('ledger row', () => {
  test('moves from received once, from quarantine by replay, and nowhere else', () => {
    const moves = deliveryStatusSchema.options.flatMap((from) =>
      (['processed', 'duplicate', 'quarantined'] as const).filter((to) => settleDelivery(from, to).ok).map((to) => `${from} → ${to}`),
    )
    expect(moves).toEqual([
      'received → processed',
      'received → duplicate',
      'received → quarantined',
      'quarantined → processed',
      'quarantined → quarantined',
    ])
    expect(settleDelivery('processed', 'processed')).toEqual({
      ok: false,
      sentence: 'The payload is processed; it cannot become processed.',
    })
  })
})
