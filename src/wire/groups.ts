import { z } from 'zod'
import { capacityOverridesSchema } from './agents.ts'
import { idSchema, instantSchema } from './words.ts'

/** Agents with something in common: a team, a shift, a site. Queues widen to groups; groups may differ in capacity. */
export const groupSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    capacity: capacityOverridesSchema,
    memberIds: z.array(idSchema),
    updatedAt: instantSchema,
  })
  .meta({ id: 'Group' })
export type Group = z.infer<typeof groupSchema>

export const groupInputSchema = z.object({
  name: z.string().trim().min(1).max(80),
  capacity: capacityOverridesSchema.default({ max: {}, weights: {} }),
  memberIds: z.array(idSchema).max(2_000).default([]),
})
export type GroupInput = z.infer<typeof groupInputSchema>
