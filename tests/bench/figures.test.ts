import { describe, expect, it } from 'vitest'
import { growth } from '../../src/bench/b8-lists.ts'
import { compareFigures } from '../../src/bench/compare.ts'
import { figure, medianFigure, medianFigures } from '../../src/bench/figures.ts'
import { percentile, spreadOf } from '../../src/bench/percentiles.ts'

describe('percentiles', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => i + 1)

  it('are samples themselves, by nearest rank', () => {
    expect(percentile(hundred, 0.5)).toBe(50)
    expect(percentile(hundred, 0.99)).toBe(99)
    expect(percentile(hundred, 1)).toBe(100)
    expect(percentile([7], 0.01)).toBe(7)
  })

  it('take samples in any order and leave them as they are', () => {
    const samples = [...hundred].reverse()
    expect(spreadOf(samples)).toEqual({ count: 100, p50: 50, p99: 99, max: 100 })
    expect(samples[0]).toBe(100)
  })

  it('are nothing without samples', () => {
    expect(spreadOf([]).p99).toBeNaN()
  })
})

describe('figures', () => {
  it('take the ratio so that nearer to the limit is nearer to one', () => {
    expect(figure('rate', 500, 'webhooks/s', { limit: 1_000 }).ratio).toBe(0.5)
    expect(figure('time', 10, 'ms', { limit: 2 }).ratio).toBe(0.2)
    expect(figure('plain', 10, 'ms')).not.toHaveProperty('ratio')
  })

  it('keep what any run missed', () => {
    const runs = [3, 1, 2].map((value) => figure('B', value, 'ms', { missing: value === 1 ? 4 : 0, duplicate: 0 }))
    expect(medianFigure(runs)).toEqual({ id: 'B', value: 2, unit: 'ms', missing: 4, duplicate: 0, min: 1, max: 3 })
  })

  it('are matched by id over runs', () => {
    const run = (a: number, b: number) => [figure('a', a, 'ms'), figure('b', b, 'ms')]
    expect(medianFigures([run(1, 9), run(2, 8), run(3, 7)]).map(({ id, value }) => [id, value])).toEqual([
      ['a', 2],
      ['b', 8],
    ])
    expect(() => medianFigure([figure('a', 1, 'ms'), figure('b', 1, 'ms')])).toThrow('not of one figure')
  })

  it('grow by the power of the size', () => {
    expect(growth([2, 2, 2])).toBe(0)
    expect(growth([1, 10, 100])).toBeCloseTo(1)
  })
})

describe('comparisons', () => {
  const before = [
    { id: 'rate', value: 100, unit: 'x/s', min: 95, max: 105 },
    { id: 'time', value: 10, unit: 'ms', min: 9, max: 11 },
    { id: 'gone', value: 1, unit: 'ms' },
  ]
  const now = (rate: number, time: number) => [
    { ...figure('rate', rate, 'x/s'), min: rate - 5, max: rate + 5 },
    { ...figure('time', time, 'ms'), min: time - 1, max: time + 1 },
  ]

  it('call overlapping bounds noise', () => {
    expect(compareFigures(before, now(104, 10.5)).map(({ verdict }) => verdict)).toEqual(['noise', 'noise'])
  })

  it('know that rates should rise and times fall', () => {
    expect(compareFigures(before, now(150, 5)).map(({ verdict }) => verdict)).toEqual(['better', 'better'])
    expect(compareFigures(before, now(50, 20)).map(({ verdict }) => verdict)).toEqual(['worse', 'worse'])
  })
})
