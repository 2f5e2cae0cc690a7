import fc from 'fast-check'
import { expect, test } from 'vitest'
import { providerBackOff, retryAfterMs, retryDelayMs } from '../../src/lib/retry.ts'

const plain = { firstMs: 1_000, factor: 2, maxMs: 60_000, jitter: 0 }

test.each([
  [1, 1_000],
  [2, 2_000],
  [3, 4_000],
  [7, 60_000],
  [5_000, 60_000],
])('after %i failures the pause is %i ms', (failures, expected) => {
  expect(retryDelayMs(plain, failures, 0.9)).toBe(expected)
})

test('jitter spreads downward from the full pause', () => {
  expect(retryDelayMs({ ...plain, jitter: 0.5 }, 1, 0)).toBe(500)
  expect(retryDelayMs({ ...plain, jitter: 0.5 }, 1, 0.5)).toBe(750)
})

test('what the other side asks for wins over a shorter pause, even above the maximum', () => {
  expect(retryDelayMs(plain, 1, 0, 90_000)).toBe(90_000)
  expect(retryDelayMs(plain, 6, 0, 5)).toBe(32_000)
})

test('the pause is a whole number within its bounds', () => {
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), chance, (failures, roll) => {
      const ms = retryDelayMs(providerBackOff, failures, roll)
      expect(Number.isInteger(ms)).toBe(true)
      expect(ms).toBeGreaterThanOrEqual(500)
      expect(ms).toBeLessThanOrEqual(300_000)
    }),
  )
})

const now = Date.UTC(2026, 0, 5, 1)
test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['Mon, 05 Jan 2026 01:00:30 GMT', 30_000],
  ['Mon, 05 Jan 2026 00:59:00 GMT', 0],
  ['soon', 0],
  ['-5', 0],
  ['', 0],
  [null, 0],
  [undefined, 0],
])('Retry-After %j is %i ms', (header, expected) => {
  expect(retryAfterMs(header, now)).toBe(expected)
})
