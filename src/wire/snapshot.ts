import { z } from 'zod'
import { skillSchema } from './access.ts'
import { agentSchema, roleSchema } from './agents.ts'
import { conversationSchema } from './conversations.ts'
import { inboxSchema } from './inboxes.ts'
import { offerSchema } from './offers.ts'
import { queueSchema, queueStatsSchema } from './queues.ts'
import { idSchema, instantSchema } from './words.ts'

/** The viewer, as a snapshot tells of them. */
export const snapshotMeSchema = z.object({ agentId: idSchema, role: roleSchema, permissions: z.array(z.string()) })
export type SnapshotMe = z.infer<typeof snapshotMeSchema>

/**
 * Everything a console starts from. Read after `seq`, so that applying the events since `seq` in any
 * order, some of them twice, leads to the present.
 */
export const snapshotSchema = z
  .object({
    seq: z.number().int(),
    /** The server's clock. */
    at: instantSchema,
    me: snapshotMeSchema,
    agents: z.array(agentSchema),
    queues: z.array(queueSchema),
    /** Of the queues whose conversations the viewer may see. */
    stats: z.array(queueStatsSchema),
    inboxes: z.array(inboxSchema),
    /** Of those who may read agents: what skills and roles are called. */
    roles: z.array(roleSchema),
    skills: z.array(skillSchema),
    /** The viewer's pending offers. */
    offers: z.array(offerSchema),
    /** Assigned to the viewer and not resolved. */
    conversations: z.array(conversationSchema),
  })
  .meta({ id: 'Snapshot' })
export type Snapshot = z.infer<typeof snapshotSchema>

/** The floor at one moment: everybody with timers and load, every queue by channel. */
export const supervisorSnapshotSchema = z
  .object({
    seq: z.number().int(),
    asOf: instantSchema,
    agents: z.array(agentSchema),
    queues: z.array(queueSchema),
    stats: z.array(queueStatsSchema),
    /** Over all queues: conversations that are not resolved, and those that wait. */
    totals: z.object({ open: z.number().int(), waiting: z.number().int() }),
  })
  .meta({ id: 'SupervisorSnapshot' })
export type SupervisorSnapshot = z.infer<typeof supervisorSnapshotSchema>
