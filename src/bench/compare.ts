import { z } from 'zod'
import type { Figure } from './figures.ts'

/** What `bench -- --json` prints, as far as a comparison reads it. */
export const reportSchema = z.object({
  figures: z.array(
    z.object({ id: z.string(), value: z.number().nullable(), unit: z.string(), min: z.number().optional(), max: z.number().optional() }),
  ),
})

/** A figure then and now. */
export interface Comparison {
  readonly id: string
  readonly unit: string
  readonly before: number
  readonly now: number
  /** Relative: 0.1 is a tenth more. */
  readonly change: number
  /** `noise` when the bounds of both overlap; without bounds, when they differ by less than a tenth. */
  readonly verdict: 'better' | 'worse' | 'noise'
}

/** What a figure without repeated runs may differ by, relative. */
const assumedNoise = 0.1

/** Sets figures of two reports side by side; those of one alone are left out. */
export function compareFigures(before: z.infer<typeof reportSchema>['figures'], now: readonly Figure[]): Comparison[] {
  return now.flatMap((figure) => {
    const old = before.find(({ id, unit }) => id === figure.id && unit === figure.unit)
    if (old === undefined || old.value === null) return []
    const change = (figure.value - old.value) / old.value
    const [a, b] = [boundsOf({ ...old, value: old.value }), boundsOf(figure)]
    const overlap = a.low <= b.high && b.low <= a.high
    const better = figure.unit.endsWith('/s') ? change > 0 : change < 0
    return [
      {
        id: figure.id,
        unit: figure.unit,
        before: old.value,
        now: figure.value,
        change,
        verdict: overlap ? 'noise' : better ? 'better' : 'worse',
      },
    ]
  })
}

function boundsOf({ value, min, max }: { value: number; min?: number | undefined; max?: number | undefined }): {
  low: number
  high: number
} {
  return { low: min ?? value * (1 - assumedNoise / 2), high: max ?? value * (1 + assumedNoise / 2) }
}

/** Comparisons as lines. */
export function comparisonLines(comparisons: readonly Comparison[]): string[] {
  return comparisons.map(
    ({ id, unit, before, now, change, verdict }) =>
      `${id.padEnd(28)} ${before} → ${now} ${unit}  ${change >= 0 ? '+' : ''}${(change * 100).toFixed(1)} %  ${verdict}`,
  )
}
