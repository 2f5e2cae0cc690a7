import { z } from 'zod'
import { queueOutcomeSchema } from './metrics.ts'
import { idSchema, instantSchema } from './words.ts'

const distributionSchema = z
  .object({
    count: z.number().int(),
    mean: z.number().nullable(),
    p50: z.number().nullable(),
    p90: z.number().nullable(),
    p95: z.number().nullable(),
    max: z.number().nullable(),
  })
  .meta({ id: 'Distribution' })

/** Which figures are asked for; the time is from inclusive, to exclusive. */
export const metricsQuerySchema = z.object({
  from: z.coerce.number().int().min(0),
  to: z.coerce.number().int().min(0),
  queueId: idSchema.optional(),
})
export type MetricsQuery = z.infer<typeof metricsQuerySchema>

/** The figures of a time. Times are milliseconds, shares 0–1, null = nothing to compute it from. */
export const metricsReportSchema = z
  .object({
    /** Of the formulas. */
    version: z.number().int(),
    from: instantSchema,
    to: instantSchema,
    asOf: instantSchema,
    definitions: z.array(z.object({ id: z.string(), unit: z.string(), formula: z.string(), rows: z.string() })),
    queues: z.array(
      z.object({
        queueId: idSchema,
        name: z.string(),
        serviceLevelMs: z.number().int(),
        outcomes: z.partialRecord(queueOutcomeSchema, z.number().int()),
        ended: z.number().int(),
        waiting: z.number().int(),
        serviceLevel: z.number().nullable(),
        serviceLevelStrict: z.number().nullable(),
        serviceLevelAnswered: z.number().nullable(),
        abandonRate: z.number().nullable(),
        answerTime: distributionSchema,
        abandonTime: distributionSchema,
      }),
    ),
    agents: z.array(
      z.object({
        agentId: idSchema,
        name: z.string(),
        handled: z.number().int(),
        transferred: z.number().int(),
        handleTime: distributionSchema,
        concurrency: z.number().nullable(),
      }),
    ),
  })
  .meta({ id: 'MetricsReport' })
export type MetricsReport = z.infer<typeof metricsReportSchema>
