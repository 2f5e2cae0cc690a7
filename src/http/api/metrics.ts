import { csvOf, getMetrics } from '../../services/metrics/get-metrics.ts'
import { metricsQuerySchema, metricsReportSchema } from '../../wire/metrics-report.ts'
import { type Route, route } from '../route.ts'

/** Figures of queues and agents, each with its formula. */
export const metricRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/metrics',
    permission: 'report.read',
    tags: ['Metrics'],
    summary: 'Figures of a time, by queue and by agent, with their formulas',
    query: metricsQuerySchema,
    output: metricsReportSchema,
    handler: ({ ctx, viewer, query }) => getMetrics(ctx, viewer, query),
  }),
  route({
    method: 'get',
    path: '/api/v1/metrics/export',
    permission: 'report.read',
    tags: ['Metrics'],
    summary: 'The queues’ figures of a time as CSV',
    query: metricsQuerySchema,
    output: null,
    raw: { produces: 'text/csv' },
    handler: async ({ ctx, viewer, query, res }) => {
      const csv = csvOf(await getMetrics(ctx, viewer, query))
      res.attachment('metrics.csv').type('text/csv').send(csv)
    },
  }),
]
