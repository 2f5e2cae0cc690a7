import { z } from 'zod'

/** Every type of event in the log. Events carry ids and facts; readers look up the present state. */
export const logEventTypeSchema = z.enum([
  'conversation.created',
  'conversation.changed',
  'message.created',
  'message.changed',
  'offer.created',
  'offer.ended',
  'contact.created',
  'contact.changed',
  'agent.changed',
  'agent.state_changed',
  'agent.presence_changed',
  'queue.changed',
  'inbox.changed',
  'role.changed',
  'skill.changed',
  'session.ended',
  'sla.breached',
  'delivery.quarantined',
  'delivery.replayed',
])
export type LogEventType = z.infer<typeof logEventTypeSchema>

/** Who could see a conversation before a change; on every `conversation.changed` that alters it. */
export const scopeBeforeSchema = z.object({
  queueId: z.string(),
  inboxId: z.string(),
  assigneeId: z.string().nullable(),
  offeredTo: z.string().nullable(),
})
export type ScopeBefore = z.infer<typeof scopeBeforeSchema>
