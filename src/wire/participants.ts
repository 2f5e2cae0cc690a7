import { z } from 'zod'
import { idSchema, instantSchema } from './words.ts'

/** A member of a group conversation, who is no contact of ours. */
export const participantSchema = z
  .object({
    id: idSchema,
    /** The provider's id of the person, by which a text mentions them. */
    externalId: z.string(),
    name: z.string(),
    avatarUrl: z.string().nullable(),
    joinedAt: instantSchema,
  })
  .meta({ id: 'Participant' })
export type Participant = z.infer<typeof participantSchema>
