import { expect, test } from 'vitest'
import { createFakeClock } from '../../src/adapters/clock-fake.ts'
import { createSystemClock } from '../../src/adapters/clock-system.ts'

test('time stands still until it is told to move', async () => {
  const clock = createFakeClock(1_000)
  await new Promise((resolve) => setImmediate(resolve))
  expect(clock.now()).toBe(1_000)
  await clock.advance(250)
  expect(clock.now()).toBe(1_250)
  expect(clock.monotonicMs()).toBe(250)
})

test('timers fire in order of due time, then of making, each at its own instant', async () => {
  const clock = createFakeClock(0)
  const fired: string[] = []
  clock.after(30, () => fired.push(`c@${clock.now()}`))
  clock.after(10, () => fired.push(`a@${clock.now()}`))
  clock.after(30, () => fired.push(`d@${clock.now()}`))
  clock.after(20, () => fired.push(`b@${clock.now()}`))
  clock.after(31, () => fired.push('too late'))
  await clock.advance(30)
  expect(fired).toEqual(['a@10', 'b@20', 'c@30', 'd@30'])
  expect(clock.pending).toBe(1)
})

test('a timer made by the reaction to another fires in its turn', async () => {
  const clock = createFakeClock(0)
  const fired: string[] = []
  const wait = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve))
  const story = async (): Promise<void> => {
    await wait(10)
    fired.push(`first@${clock.now()}`)
    await wait(10)
    fired.push(`second@${clock.now()}`)
  }
  const told = story()
  clock.after(15, () => fired.push(`between@${clock.now()}`))
  await clock.advance(20)
  await told
  expect(fired).toEqual(['first@10', 'between@15', 'second@20'])
})

test('a cancelled timer does not fire, and cancelling again does nothing', async () => {
  const clock = createFakeClock(0)
  let fired = false
  const cancel = clock.after(5, () => {
    fired = true
  })
  cancel()
  cancel()
  await clock.advance(10)
  expect(fired).toBe(false)
})

test('setting the wall clock moves no timer', async () => {
  const clock = createFakeClock(0)
  let firedAt = -1
  clock.after(10, () => {
    firedAt = clock.now()
  })
  clock.jump(-3_600_000)
  expect(clock.monotonicMs()).toBe(0)
  await clock.advance(9)
  expect(firedAt).toBe(-1)
  await clock.advance(1)
  expect(firedAt).toBe(-3_600_000 + 10)
})

test('advanceTo reaches an instant', async () => {
  const clock = createFakeClock(5_000)
  await clock.advanceTo(8_000)
  expect(clock.now()).toBe(8_000)
})

test('the system clock fires once, not inside the call, and cancels', async () => {
  const clock = createSystemClock()
  let count = 0
  const cancelled = clock.after(0, () => {
    count += 100
  })
  cancelled()
  await new Promise<void>((resolve) => {
    clock.after(-5, () => {
      count += 1
      resolve()
    })
    expect(count).toBe(0)
  })
  expect(count).toBe(1)
})

test('the system clock takes delays longer than a node timer does', async () => {
  const clock = createSystemClock()
  let fired = false
  const cancel = clock.after(2 ** 31 + 5, () => {
    fired = true
  })
  await new Promise<void>((resolve) => void clock.after(20, resolve))
  cancel()
  expect(fired).toBe(false)
})
