import { Counter, Gauge, type Registry } from 'prom-client'
import type { RealtimeFigures, RealtimeMetrics } from './metrics.ts'

/** Realtime metrics that Prometheus collects from `registry`. */
export function createRealtimeMetrics(registry: Registry): RealtimeMetrics {
  const registers = [registry]
  const sent = new Counter({
    name: 'onequeue_realtime_events_total',
    help: 'Events told to consoles, each counted once however many received it.',
    labelNames: ['name'],
    registers,
  })
  const deliveries = new Counter({
    name: 'onequeue_realtime_deliveries_total',
    help: 'Events sent, counted once for each console that received them.',
    registers,
  })
  const resyncs = new Counter({
    name: 'onequeue_realtime_resyncs_total',
    help: 'How consoles came into step: fresh, caught_up (told what they missed) or resync (sent to load afresh).',
    labelNames: ['outcome'],
    registers,
  })
  const fell = new Counter({
    name: 'onequeue_realtime_fell_behind_total',
    help: 'How often a console read more slowly than events came.',
    registers,
  })
  const refused = new Counter({
    name: 'onequeue_realtime_calls_refused_total',
    help: 'Calls of consoles that were refused, by code.',
    labelNames: ['code'],
    registers,
  })
  return {
    eventsSent: (name, receivers) => {
      sent.inc({ name })
      deliveries.inc(receivers)
    },
    resync: (outcome) => resyncs.inc({ outcome }),
    fellBehind: () => fell.inc(),
    callRefused: (code) => refused.inc({ code }),
  }
}

/** Shows the present of the sockets in `registry`. */
export function gaugeRealtime(registry: Registry, figures: () => RealtimeFigures): void {
  const registers = [registry]
  const gauge = (name: string, help: string, value: (now: RealtimeFigures) => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value(figures()))
      },
    })
  gauge('onequeue_realtime_sockets', 'Consoles connected to this node.', (now) => now.sockets)
  gauge('onequeue_realtime_sockets_behind', 'Of these, how many are not told live.', (now) => now.behind)
  gauge('onequeue_realtime_outstanding', 'Events sent and not yet acknowledged.', (now) => now.outstanding)
  gauge('onequeue_realtime_position', 'Newest number of the event log that has been told.', (now) => now.position)
}
