import { describe, expect, test } from 'vitest'
import { countdownOf } from '../../agent-ui/src/offers/countdown.ts'

describe('the countdown of an offer', () => {
  const offer = { createdAt: 1_000_000, expiresAt: 1_030_000 }
  test.each([
    ['at its beginning', 1_000_000, 30, 1],
    ['a little later', 1_000_400, 30, 0.9867],
    ['half way', 1_015_000, 15, 0.5],
    ['in the last second', 1_029_999, 1, 0.0000333],
    ['at its end', 1_030_000, 0, 0],
    ['after it', 1_090_000, 0, 0],
    ['by a clock that runs behind', 999_000, 31, 1],
  ])('%s', (_name, now, seconds, share) => {
    const countdown = countdownOf(offer, now)
    expect(countdown.seconds).toBe(seconds)
    expect(countdown.share).toBeCloseTo(share, 3)
  })

  test('an offer without any time is over and divides by nothing', () => {
    expect(countdownOf({ createdAt: 5, expiresAt: 5 }, 5)).toEqual({ seconds: 0, share: 0 })
  })
})
