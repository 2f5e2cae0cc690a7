import { readFile } from 'node:fs/promises'
import { AppError } from '../lib/errors.ts'
import { systemViewer } from '../services/access/system-viewer.ts'
import { replayDay } from '../services/routing/replay-day.ts'
import { routingConfigurationSchema } from '../wire/configuration.ts'
import type { ReplayedDay } from '../wire/replay.ts'
import type { RunCommand } from './command.ts'
import { readOptions } from './options.ts'
import { withContext } from './with-context.ts'

/** Lives a recorded stretch through again with the configuration in force and, with a file, with another; prints both side by side. */
export const run: RunCommand = async ({ args, env, print }) => {
  const { values, flags } = readOptions(args, { values: ['from', 'to', 'configuration'], flags: ['json'] })
  const from = instantOf(values.from, 'from')
  const to = instantOf(values.to, 'to')
  const file = values.configuration
  const configuration = file === undefined ? undefined : routingConfigurationSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  return withContext(env, async (ctx) => {
    const replay = await replayDay(ctx, systemViewer, { from, to, configuration })
    if (flags.json === true) {
      print(JSON.stringify(replay))
      return 0
    }
    print(`${replay.arrivals} arrivals, ${replay.shifts} shifts`)
    for (const line of linesOf(replay.before, replay.after)) print(line)
    const { estimate } = replay
    if (estimate !== null)
      print(`Erlang C: ${estimate.agents} agents, ${shown(estimate.waitShare)} wait, mean ${seconds(estimate.meanWaitMs)}`)
    return 0
  })
}

function linesOf(before: ReplayedDay, after: ReplayedDay | null): string[] {
  const line = (name: string, of: (day: ReplayedDay) => string) =>
    `${name.padEnd(16)}${of(before).padStart(12)}${after === null ? '' : of(after).padStart(12)}`
  return [
    line('service level', (day) => shown(day.serviceLevel)),
    line('wait p50', (day) => seconds(day.waits.p50)),
    line('wait p90', (day) => seconds(day.waits.p90)),
    line('wait max', (day) => seconds(day.waits.max)),
    line('abandoned', (day) => shown(day.abandonRate)),
    line('occupancy', (day) => shown(day.occupancy)),
    line('fair share', (day) => (day.fairShare === null ? '–' : day.fairShare.toFixed(3))),
    line('handled', (day) => String(day.handled)),
  ]
}

function shown(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`
}

function seconds(ms: number | null): string {
  return ms === null ? '–' : `${(ms / 1_000).toFixed(1)} s`
}

/** An instant as ISO 8601 text or epoch milliseconds. @throws AppError 'invalid_input'. */
function instantOf(text: string | undefined, name: string): number {
  const at = text === undefined ? Number.NaN : /^\d+$/.test(text) ? Number(text) : Date.parse(text)
  if (Number.isFinite(at)) return at
  throw new AppError('invalid_input', `Say --${name} as 2026-02-28T09:00:00+08:00.`)
}
