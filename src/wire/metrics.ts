import { z } from 'zod'
import { channelIdSchema, idSchema, instantSchema } from './words.ts'

/**
 * How a wait in a queue ended; each wait ends in exactly one way. `short_abandoned`: given up within the queue's short time.
 * `overflowed`: moved on by a rule. `closed`: ended or sent away for the hours. `blocked`: not taken in. `timed_out`: ended by the
 * longest wait. `transferred`: moved on by a person before it was answered.
 */
export const queueOutcomeSchema = z.enum([
  'answered',
  'abandoned',
  'short_abandoned',
  'callback',
  'overflowed',
  'closed',
  'blocked',
  'timed_out',
  'transferred',
])
export type QueueOutcome = z.infer<typeof queueOutcomeSchema>

/** A wait in a queue. */
export const queueStaySchema = z
  .object({
    id: idSchema,
    conversationId: idSchema,
    queueId: idSchema,
    channel: channelIdSchema,
    priority: z.number().int(),
    createdAt: instantSchema,
    enteredAt: instantSchema,
    /** Null while it waits. */
    leftAt: instantSchema.nullable(),
    outcome: queueOutcomeSchema.nullable(),
    agentId: idSchema.nullable(),
  })
  .meta({ id: 'QueueStay' })
export type QueueStay = z.infer<typeof queueStaySchema>

/** An agent's part in a conversation. */
export const segmentSchema = z
  .object({
    id: idSchema,
    conversationId: idSchema,
    queueId: idSchema,
    agentId: idSchema,
    channel: channelIdSchema,
    startedAt: instantSchema,
    /** Null where it ended without wrap-up, or has not come to it. */
    wrapUpAt: instantSchema.nullable(),
    endedAt: instantSchema.nullable(),
    holdMs: z.number().int(),
    /** Parked or snoozed in between: no work of the agent's. */
    parkedMs: z.number().int(),
    transferred: z.boolean(),
  })
  .meta({ id: 'Segment' })
export type Segment = z.infer<typeof segmentSchema>
