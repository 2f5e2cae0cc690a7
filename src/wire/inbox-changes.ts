import { z } from 'zod'
import { capabilitiesSchema, inboxInputSchema } from './inboxes.ts'
import { channelIdSchema } from './words.ts'

const { name, queueId, locale, enabled, restricted, memberIds, reopenWindowMs } = inboxInputSchema.shape

/** What may be changed of an inbox; what is left out stays. Its channel is for good. */
export const inboxChangesSchema = z.object({
  name: name.optional(),
  queueId: queueId.optional(),
  locale: locale.unwrap().optional(),
  enabled: enabled.unwrap().optional(),
  restricted: restricted.unwrap().optional(),
  memberIds: memberIds.unwrap().optional(),
  reopenWindowMs: reopenWindowMs.unwrap().optional(),
  /** The settings anew. A secret that is left out stays as it is; `null` removes it. */
  config: z.record(z.string(), z.unknown()).optional(),
})
export type InboxChanges = z.infer<typeof inboxChangesSchema>

/** A channel this hub carries, with what an account of it needs to be told. */
export const channelInfoSchema = z
  .object({
    id: channelIdSchema,
    capabilities: capabilitiesSchema,
    /** JSON Schema of `config`. */
    configSchema: z.record(z.string(), z.unknown()),
    /** Keys of `config` that are kept sealed and never shown. */
    secretKeys: z.array(z.string()),
  })
  .meta({ id: 'Channel' })
export type ChannelInfo = z.infer<typeof channelInfoSchema>
