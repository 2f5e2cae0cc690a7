import type { RequestListener } from 'node:http'
import type { RequestHandler } from 'express'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { ServiceContext } from '../services/context.ts'
import { newestEvent } from '../services/health/read-health.ts'

/** Figures for Prometheus. */
export interface Metrics {
  /** Others register their counters here. */
  readonly registry: Registry
  /** Measures each request by its route's template, never by its address. */
  readonly observe: RequestHandler
}

/**
 * Makes the registry with the process's own figures and those of the hub.
 * @param tailedSeq see `ReadinessSources`.
 */
export function createMetrics(ctx: ServiceContext, tailedSeq: () => number | null): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  gaugeEvents(ctx, registry, tailedSeq)
  gaugeJobs(ctx, registry)
  return { registry, observe: observer(ctx, registry) }
}

function observer(ctx: ServiceContext, registry: Registry): RequestHandler {
  const durations = new Histogram({
    name: 'onequeue_http_request_seconds',
    help: 'Time to answer a request, by route template.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  })
  const measureRequest: RequestHandler = (req, res, next) => {
    const startedMs = ctx.clock.monotonicMs()
    res.once('close', () => {
      const path: unknown = (req.route as { path?: unknown } | undefined)?.path
      const route = typeof path === 'string' ? path : 'other'
      durations.observe(
        { method: req.method, route, status: `${Math.floor(res.statusCode / 100)}xx` },
        (ctx.clock.monotonicMs() - startedMs) / 1_000,
      )
    })
    next()
  }
  return measureRequest
}

function gaugeEvents(ctx: ServiceContext, registry: Registry, tailedSeq: () => number | null): void {
  new Gauge({
    name: 'onequeue_event_seq',
    help: 'Newest number of the event log.',
    registers: [registry],
    async collect() {
      this.set(await newestEvent(ctx))
    },
  })
  new Gauge({
    name: 'onequeue_event_lag',
    help: 'Events committed and not yet dealt out to sockets by this node.',
    registers: [registry],
    async collect() {
      const newest = await newestEvent(ctx)
      this.set(Math.max(0, newest - (tailedSeq() ?? newest)))
    },
  })
}

function gaugeJobs(ctx: ServiceContext, registry: Registry): void {
  new Gauge({
    name: 'onequeue_jobs',
    help: 'Jobs by name and state.',
    labelNames: ['name', 'state'],
    registers: [registry],
    async collect() {
      for (const [name, counts] of Object.entries(await ctx.jobs.counts())) {
        for (const [state, count] of Object.entries(counts)) this.set({ name, state }, count)
      }
    },
  })
}

/** `/metrics` in express. */
export function answerMetrics({ registry }: Metrics): RequestHandler {
  return async (_req, res) => {
    res.setHeader('Cache-Control', 'no-store')
    res.type(registry.contentType).send(await registry.metrics())
  }
}

/** `/metrics` alone, for a listener of its own on `METRICS_PORT`. */
export function metricsListener({ registry }: Metrics): RequestListener {
  return (req, res) => {
    if (req.method !== 'GET' || req.url?.split('?')[0] !== '/metrics') {
      res.writeHead(404).end()
      return
    }
    registry.metrics().then(
      (text) => res.writeHead(200, { 'Content-Type': registry.contentType, 'Cache-Control': 'no-store' }).end(text),
      () => res.writeHead(503).end(),
    )
  }
}
