import { groupBy } from '../../../db/queries/by-ids.ts'
import { segmentsIn, staysEnded } from '../../../db/queries/metric-rows.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { canSeeAgent, canSeeQueue } from '../../core/access/lists.ts'
import { agentMetrics } from '../../core/metrics/agent-metrics.ts'
import { metricDefinitions, metricsVersion } from '../../core/metrics/definitions.ts'
import { queueMetrics } from '../../core/metrics/queue-metrics.ts'
import { AppError } from '../../lib/errors.ts'
import type { MetricsQuery, MetricsReport } from '../../wire/metrics-report.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { loadConfiguration } from '../routing/configuration.ts'

/** The longest time one report is computed over, milliseconds. */
const longestMs = 31 * 86_400_000

/**
 * The figures of a time, by queue and by agent, for those the viewer may see; with the formula of each. Of agents, figures that
 * need the time they were logged in are left out.
 * @throws AppError 'forbidden'; 'invalid_input' for a time that is empty or longer than 31 days.
 */
export async function getMetrics(ctx: ServiceContext, viewer: Viewer, { from, to, queueId }: MetricsQuery): Promise<MetricsReport> {
  require(viewer, 'report.read')
  if (to <= from || to - from > longestMs) {
    const message = 'A report is over at least a moment and at most 31 days.'
    throw new AppError('invalid_input', message, { fields: [{ path: 'to', message }] })
  }
  const { queues, agents } = await loadConfiguration(ctx.store)
  const now = ctx.clock.now()
  const stays = groupBy(await staysEnded(ctx.store, from, to, queueId), (stay) => stay.queueId)
  const segments = groupBy(await segmentsIn(ctx.store, from, to), (segment) => segment.agentId)
  return {
    version: metricsVersion,
    from,
    to,
    asOf: now,
    definitions: metricDefinitions.map((definition) => ({ ...definition })),
    queues: queues
      .filter(({ id }) => canSeeQueue(viewer, id) && (queueId === undefined || id === queueId))
      .map(({ id, name, settings }) => ({
        queueId: id,
        name,
        serviceLevelMs: settings.serviceLevelMs,
        ...queueMetrics(stays.get(id) ?? [], settings.serviceLevelMs),
      })),
    agents: agents
      .filter(({ id }) => canSeeAgent(viewer, id) && segments.has(id))
      .map(({ id, name }) => {
        const facts = { from, to, now, stays: [], offers: [], conversations: [], agentTimes: [], serviceLevelMs: 0 }
        const { handled, transferred, handleTime, concurrency } = agentMetrics({ ...facts, segments: segments.get(id) ?? [] })
        return { agentId: id, name, handled, transferred, handleTime, concurrency }
      }),
  }
}

/** The queues' figures of a report as CSV (RFC 4180), one line a queue; times in milliseconds. */
export function csvOf({ queues }: MetricsReport): string {
  const head = [
    'queue',
    'ended',
    'waiting',
    'answered',
    'abandoned',
    'short_abandoned',
    'overflowed',
    'service_level',
    'abandon_rate',
    'asa_ms',
    'answer_p90_ms',
  ]
  const lines = queues.map((queue) => [
    quoted(queue.name),
    queue.ended,
    queue.waiting,
    queue.outcomes.answered ?? 0,
    queue.outcomes.abandoned ?? 0,
    queue.outcomes.short_abandoned ?? 0,
    queue.outcomes.overflowed ?? 0,
    queue.serviceLevel ?? '',
    queue.abandonRate ?? '',
    queue.answerTime.mean ?? '',
    queue.answerTime.p90 ?? '',
  ])
  return [head, ...lines].map((line) => line.join(',')).join('\r\n')
}

/** A spreadsheet takes a cell that begins like a formula for one: such a cell begins with an apostrophe (CSV injection). */
function quoted(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${harmless.replaceAll('"', '""')}"`
}
