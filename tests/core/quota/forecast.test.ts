import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forecastQuota, holdOf, noteReading } from '../../../src/core/quota/forecast.ts'
import type { InboxQuota } from '../../../src/wire/inboxes.ts'

const hour = 3_600_000
const offsetMs = 9 * hour
const rules = { lowPercent: 95, offsetMs }
/** Noon of 11 January where the plan is counted. */
const now = Date.UTC(2026, 0, 11, 3)
const quota = (used: number, limit: number | null = 1_000, samples: InboxQuota['samples'] = []): InboxQuota => ({
  limit,
  used,
  readAt: now,
  samples,
})

describe('a plan', () => {
  it.each([
    [0, 'ok'],
    [799, 'ok'],
    [800, 'warn'],
    [950, 'low'],
    [1_000, 'exhausted'],
    [1_200, 'exhausted'],
  ] as const)('with %i of 1,000 used is %s', (used, level) => {
    expect(forecastQuota(quota(used), now, rules)).toMatchObject({ level, left: Math.max(0, 1_000 - used) })
  })

  it('without a limit is never short', () => {
    expect(forecastQuota(quota(1e9, null), now, rules)).toEqual({ level: 'ok', left: null, exhaustedAt: null })
  })

  it('is used up at the pace of the last days, and only this month', () => {
    const day = 24 * hour
    const fast = quota(500, 1_000, [{ at: now - day, used: 400 }])
    expect(forecastQuota(fast, now, rules).exhaustedAt).toBe(now + 5 * day)
    const slow = quota(500, 1_000, [{ at: now - day, used: 495 }])
    expect(forecastQuota(slow, now, rules).exhaustedAt).toBeNull()
    expect(forecastQuota(quota(500), now, rules).exhaustedAt).toBe(now + 10.5 * day)
  })

  it('begins anew with the month where it is counted', () => {
    const read = Date.UTC(2026, 0, 31, 14)
    const old: InboxQuota = { limit: 100, used: 100, readAt: read, samples: [{ at: read, used: 100 }] }
    expect(forecastQuota(old, read, rules).level).toBe('exhausted')
    expect(forecastQuota(old, read + 2 * hour, rules)).toMatchObject({ level: 'ok', left: 100 })
    expect(noteReading(old, { limit: 100, used: 1 }, read + 2 * hour, offsetMs).samples).toEqual([{ at: read + 2 * hour, used: 1 }])
  })

  it('keeps few samples, however often it is read', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 400 }), (gaps) => {
        let kept: InboxQuota | null = null
        let at = Date.UTC(2026, 0, 1)
        let used = 0
        for (const gap of gaps) {
          at += gap * hour
          used += gap
          kept = noteReading(kept, { limit: 1_000, used }, at, offsetMs)
        }
        const { samples = [] } = kept ?? {}
        expect(samples.length).toBeLessThanOrEqual(62)
        expect(samples.toSorted((a, b) => a.at - b.at)).toEqual(samples)
      }),
    )
  })
})

describe('a message that would be counted', () => {
  const counted = { free: false, approved: false }
  it.each([
    ['ok', 'ask', counted, null],
    ['warn', 'defer', counted, null],
    ['low', 'warn', counted, null],
    ['low', 'ask', counted, 'approval'],
    ['exhausted', 'defer', counted, 'customer'],
    ['low', 'ask', { free: true, approved: false }, null],
    ['low', 'ask', { free: false, approved: true }, null],
  ] as const)('at %s under "%s" (%o) waits for %s', (level, policy, how, hold) => {
    expect(holdOf(level, policy, how)).toBe(hold)
  })
})
