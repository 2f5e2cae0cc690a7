import { AppError } from '../lib/errors.ts'
import { measureWebhooks } from './b1-webhooks.ts'
import type { Figure } from './figures.ts'
import type { Workshop } from './workshop.ts'

/** One workload. */
export interface Bench {
  readonly id: string
  readonly does: string
  readonly measure: (shop: Workshop) => Promise<Figure[]>
}

/** Every workload, in the order in which they run. */
export const benches: readonly Bench[] = [{ id: 'B1', does: 'signed LINE webhooks into the database', measure: measureWebhooks }]

/** The workloads named in a comma list; all without one. @throws AppError 'invalid_input' for one that does not exist. */
export function chosenBenches(only: string | undefined): readonly Bench[] {
  if (only === undefined) return benches
  return only.split(',').map((word) => {
    const bench = benches.find(({ id }) => id.toLowerCase() === word.trim().toLowerCase())
    if (bench === undefined)
      throw new AppError('invalid_input', `There is no "${word}"; there are ${benches.map(({ id }) => id).join(', ')}.`)
    return bench
  })
}
