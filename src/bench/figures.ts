/** One measured number. */
export interface Figure {
  /** `B1.c32.rate`: the workload, its circumstances, what was measured. */
  readonly id: string
  readonly value: number
  readonly unit: string
  /** What the machine allows, measured in the same run and in the same unit. */
  readonly limit?: number
  /** How much of the limit was reached: above 0, better towards 1. */
  readonly ratio?: number
  /** Acknowledged or sent, and not found. */
  readonly missing?: number
  /** Found more than once. */
  readonly duplicate?: number
  /** Lowest and highest of the repeated runs whose median `value` is. */
  readonly min?: number
  readonly max?: number
  /** What the reader must know to judge it, such as `client-bound`. */
  readonly note?: string
}

/** Rounds to what the measurement is good for: three significant digits below 1,000, whole numbers above. */
export function rounded(value: number): number {
  if (!Number.isFinite(value)) return value
  return Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(3))
}

/** Makes a figure; `ratio` follows from a limit when `more` is said, as value per limit for rates, limit per value for times. */
export function figure(id: string, value: number, unit: string, more: Omit<Figure, 'id' | 'value' | 'unit'> = {}): Figure {
  const { limit, ratio, ...rest } = more
  const share = ratio ?? (limit === undefined ? undefined : unit.endsWith('/s') ? value / limit : limit / value)
  return {
    id,
    value: rounded(value),
    unit,
    ...(limit === undefined ? {} : { limit: rounded(limit) }),
    ...(share === undefined || !Number.isFinite(share) ? {} : { ratio: rounded(share) }),
    ...rest,
  }
}

/**
 * One figure of several runs of the same: the median with its bounds; nothing missing or duplicate in any run is
 * forgotten. @throws Error for no runs or runs of different figures.
 */
export function medianFigure(runs: readonly Figure[]): Figure {
  const sorted = [...runs].sort((a, b) => a.value - b.value)
  const middle = sorted[Math.floor((sorted.length - 1) / 2)]
  const [lowest, highest] = [sorted[0], sorted.at(-1)]
  if (middle === undefined || lowest === undefined || highest === undefined) throw new Error('There are no runs to take the median of.')
  if (runs.some(({ id, unit }) => id !== middle.id || unit !== middle.unit)) throw new Error('The runs are not of one figure.')
  const sum = (of: 'missing' | 'duplicate') => runs.reduce((total, run) => total + (run[of] ?? 0), 0)
  return {
    ...middle,
    ...(middle.missing === undefined ? {} : { missing: sum('missing') }),
    ...(middle.duplicate === undefined ? {} : { duplicate: sum('duplicate') }),
    ...(runs.length > 1 ? { min: lowest.value, max: highest.value } : {}),
  }
}

/** Medians over runs that each gave the same figures, in their order. */
export function medianFigures(runs: readonly (readonly Figure[])[]): Figure[] {
  const ids = [...new Set(runs.flat().map(({ id }) => id))]
  return ids.map((id) => medianFigure(runs.flatMap((run) => run.filter((one) => one.id === id))))
}

/** Figures as lines of a table. */
export function tableOf(figures: readonly Figure[]): string[] {
  const cells = figures.map((f) => [
    f.id,
    `${f.value} ${f.unit}`,
    f.min === undefined ? '' : `${f.min}–${f.max}`,
    f.limit === undefined ? '' : `limit ${f.limit}`,
    f.ratio === undefined ? '' : `ratio ${f.ratio}`,
    f.missing === undefined ? '' : `missing ${f.missing}`,
    f.duplicate === undefined ? '' : `duplicate ${f.duplicate}`,
    f.note ?? '',
  ])
  const widths = [0, 1, 2, 3, 4, 5, 6].map((column) => Math.max(0, ...cells.map((row) => row[column]?.length ?? 0)))
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
