import { z } from 'zod'
import { conversationSchema } from './conversations.ts'
import { messageSchema } from './messages.ts'
import { idSchema } from './words.ts'

/**
 * A page of a list. `seq` is the log's number before the page was read: events after it may be applied
 * on top. A page may be shorter than asked for; only `nextCursor: null` means the end.
 */
export const conversationPageSchema = z
  .object({
    items: z.array(conversationSchema),
    nextCursor: z.string().nullable(),
    seq: z.number().int(),
  })
  .meta({ id: 'ConversationPage' })
export type ConversationPage = z.infer<typeof conversationPageSchema>

/** Messages below `before` (the newest first taken) or above `after`; without either the newest. */
export const messageListQuerySchema = z
  .object({
    before: z.coerce.number().int().min(1).optional(),
    after: z.coerce.number().int().min(0).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50),
  })
  .refine((v) => v.before === undefined || v.after === undefined, { message: 'Name either before or after.', path: ['after'] })
export type MessageListQuery = z.infer<typeof messageListQuerySchema>

/** Messages in ascending order of their ordinals, without gaps. `hasMore`: there are more in the direction that was asked. */
export const messagePageSchema = z
  .object({
    conversationId: idSchema,
    items: z.array(messageSchema),
    hasMore: z.boolean(),
    seq: z.number().int(),
  })
  .meta({ id: 'MessagePage' })
export type MessagePage = z.infer<typeof messagePageSchema>
