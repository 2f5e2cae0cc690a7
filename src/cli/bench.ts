import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { serveParent } from '../bench/child.ts'
import { compareFigures, comparisonLines, reportSchema } from '../bench/compare.ts'
import { type Figure, tableOf } from '../bench/figures.ts'
import { describeMachine, loadNow } from '../bench/machine.ts'
import { operations } from '../bench/operations.ts'
import { chosenBenches } from '../bench/suite.ts'
import { openWorkshop } from '../bench/workshop.ts'
import { AppError } from '../lib/errors.ts'
import type { RunCommand } from './command.ts'
import { readOptions } from './options.ts'

/** Measures the hub on this machine: `--only B1,B8`, `--json`, `--compare FILE`, `--seconds N` a stretch, `--runs N`. */
export const run: RunCommand = async ({ args, env, print }) => {
  // The benchmark's own processes are this command again, talking to the first one.
  if (args[0] === 'child') {
    await serveParent(operations)
    return 0
  }
  const { values, flags } = readOptions(args, { values: ['only', 'compare', 'seconds', 'runs'], flags: ['json'] })
  const chosen = chosenBenches(values.only)
  const [seconds, runs] = [positive(values.seconds ?? '5', 'seconds'), positive(values.runs ?? '3', 'runs')]
  const earlier = values.compare === undefined ? null : reportSchema.parse(JSON.parse(await readFile(values.compare, 'utf8')))
  const before = loadNow()
  const shop = openWorkshop({ env, seconds, runs, say: (line) => void process.stderr.write(`${line}\n`) }, availableParallelism())
  const figures: Figure[] = []
  const failed: string[] = []
  try {
    for (const bench of chosen) {
      try {
        figures.push(...(await bench.measure(shop)))
      } catch (error) {
        // The figures of the others are worth having.
        failed.push(bench.id)
        shop.say(`${bench.id} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
      }
    }
  } finally {
    shop.close()
  }
  const machine = describeMachine(shop.pinning, before)
  const comparisons = earlier === null ? null : compareFigures(earlier.figures, figures)
  if (flags.json === true) print(JSON.stringify({ machine, figures, failed, ...(comparisons === null ? {} : { comparisons }) }))
  else for (const line of [JSON.stringify(machine), ...tableOf(figures), ...comparisonLines(comparisons ?? [])]) print(line)
  return failed.length > 0 || figures.some(({ missing = 0, duplicate = 0 }) => missing + duplicate > 0) ? 1 : 0
}

function positive(text: string, name: string): number {
  const value = Number(text)
  if (!(value > 0 && value <= 600)) throw new AppError('invalid_input', `--${name} must be a number above 0 and up to 600.`)
  return value
}
