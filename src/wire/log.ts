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
  'group.changed',
  'calendar.changed',
  'sla_policy.changed',
  'routing_rule.changed',
  'routing.settings_changed',
  'callback.changed',
  'session.ended',
  'sla.warned',
  'sla.breached',
  'delivery.quarantined',
  'delivery.replayed',
  /** A visitor of web chat proved who they are, logged out, or had their data deleted; `subjectId` is the visitor's id. */
  'visitor.ended',
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
