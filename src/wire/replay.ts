import { z } from 'zod'
import { routingConfigurationSchema } from './configuration.ts'
import { instantSchema } from './words.ts'

/** Which stretch of the record is lived through again, and with what beside the configuration in force. */
export const replayInputSchema = z.object({ from: instantSchema, to: instantSchema, configuration: routingConfigurationSchema.optional() })
export type ReplayInput = z.infer<typeof replayInputSchema>

const share = z.number().nullable()

/** What came of a day. Times are milliseconds, shares 0–1. */
export const replayedDaySchema = z
  .object({
    serviceLevel: share,
    waits: z.object({ p50: z.number().nullable(), p90: z.number().nullable(), max: z.number().nullable() }),
    abandonRate: share,
    occupancy: share,
    /** 1 = all agents busy alike, 1/n = one has it all (Jain's index). */
    fairShare: share,
    handled: z.number().int(),
  })
  .meta({ id: 'ReplayedDay' })
export type ReplayedDay = z.infer<typeof replayedDaySchema>

/** A recorded stretch, lived through again. */
export const dayReplaySchema = z
  .object({
    arrivals: z.number().int(),
    shifts: z.number().int(),
    before: replayedDaySchema,
    /** With the other configuration; null when none was given. */
    after: replayedDaySchema.nullable(),
    /** Erlang C of the stretch as one steady load; null where there is nothing to estimate. */
    estimate: z.object({ agents: z.number().int(), waitShare: z.number(), meanWaitMs: z.number().nullable() }).nullable(),
  })
  .meta({ id: 'DayReplay' })
export type DayReplay = z.infer<typeof dayReplaySchema>
