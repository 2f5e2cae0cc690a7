import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createKeyedMutex } from '../../src/lib/mutex.ts'

test('work of one key never overlaps and keeps its order, whatever is interleaved or fails', async () => {
  const job = fc.record({ key: fc.constantFrom('a', 'b', 'c'), turns: fc.nat(4), fails: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(fc.array(job, { maxLength: 30 }), async (jobs) => {
      const mutex = createKeyedMutex()
      const running = new Set<string>()
      const begun = new Map<string, number[]>()
      const results = jobs.map(({ key, turns, fails }, order) =>
        mutex.run(key, async () => {
          expect(running.has(key)).toBe(false)
          running.add(key)
          begun.set(key, [...(begun.get(key) ?? []), order])
          for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
          running.delete(key)
          if (fails) throw new Error(`job ${order}`)
          return order
        }),
      )
      const settled = await Promise.allSettled(results)
      for (const [order, result] of settled.entries()) {
        if (jobs[order]?.fails) expect(result).toMatchObject({ status: 'rejected', reason: { message: `job ${order}` } })
        else expect(result).toEqual({ status: 'fulfilled', value: order })
      }
      for (const orders of begun.values()) expect(orders).toEqual(orders.toSorted((a, b) => a - b))
      await new Promise((resolve) => setImmediate(resolve))
      expect(mutex.size).toBe(0)
    }),
  )
})

test('keys do not wait for each other', async () => {
  const mutex = createKeyedMutex()
  let open = (): void => undefined
  const held = mutex.run('a', () => new Promise<void>((resolve) => void (open = resolve)))
  expect(await mutex.run('b', async () => 'through')).toBe('through')
  open()
  await held
})

test('a synchronous throw is a rejection and frees the key', async () => {
  const mutex = createKeyedMutex()
  const broken = mutex.run('a', () => {
    throw new Error('at once')
  })
  await expect(broken).rejects.toThrow('at once')
  expect(await mutex.run('a', async () => 1)).toBe(1)
})
