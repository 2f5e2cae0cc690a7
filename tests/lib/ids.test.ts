import { expect, it } from 'vitest'
import { newId } from '../../src/lib/ids.ts'

it('sorts ids by the order of their making, over more than one filling of the pool', () => {
  const ids = Array.from({ length: 5_000 }, newId)
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
})

it('is a UUID of version 7 with the time in front', () => {
  const before = Date.now()
  const id = newId()
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  const at = Number.parseInt(id.replace('-', '').slice(0, 12), 16)
  expect(at).toBeGreaterThanOrEqual(before)
  expect(at - before).toBeLessThan(60_000)
})

it('shares no random part between neighbours', () => {
  const tails = Array.from({ length: 1_000 }, () => newId().slice(-10))
  expect(new Set(tails).size).toBe(tails.length)
})
