import { z } from 'zod'
import { skillSchema } from './access.ts'
import { agentSchema, roleSchema } from './agents.ts'
import { contactSchema } from './contacts.ts'
import { conversationSchema } from './conversations.ts'
import { inboxSchema } from './inboxes.ts'
import { messageSchema } from './messages.ts'
import { offerSchema } from './offers.ts'
import { queueSchema, queueStatsSchema } from './queues.ts'
import { idSchema, instantSchema } from './words.ts'

const sequenced = <T extends z.ZodRawShape>(shape: T) => z.object({ seq: z.number().int(), ...shape })

/**
 * What the server tells an agent's console. Each carries the whole present state of its thing, so
 * that applying one twice, or a later one first, does no harm; `seq` is the log's number of the
 * change it tells of.
 */
export const agentEvents = {
  'conversation.changed': sequenced({ conversation: conversationSchema }),
  /** The viewer may no longer see it (or it is no longer theirs to see). */
  'conversation.gone': sequenced({ conversationId: idSchema }),
  /** Sent for conversations the console has opened, and to the assignee. */
  'message.changed': sequenced({ message: messageSchema }),
  'offer.changed': sequenced({ offer: offerSchema }),
  'contact.changed': sequenced({ contact: contactSchema }),
  'agent.changed': sequenced({ agent: agentSchema }),
  'queue.changed': sequenced({ queue: queueSchema }),
  /** Deleted. */
  'queue.gone': sequenced({ queueId: idSchema }),
  'queue.stats': sequenced({ stats: queueStatsSchema }),
  'inbox.changed': sequenced({ inbox: inboxSchema }),
  /** Deleted. */
  'inbox.gone': sequenced({ inboxId: idSchema }),
  'role.changed': sequenced({ role: roleSchema }),
  /** Deleted. */
  'role.gone': sequenced({ roleId: idSchema }),
  'skill.changed': sequenced({ skill: skillSchema }),
  /** Deleted. */
  'skill.gone': sequenced({ skillId: idSchema }),
} as const

/** Control events outside the log's order. */
export const agentSignals = {
  /** Everything visible up to `seq` has been sent; `at` is the server's clock. */
  heartbeat: z.object({ seq: z.number().int(), at: instantSchema }),
  /** The gap is too old: load afresh, then go on from `seq`. */
  resync: z.object({ seq: z.number().int(), reason: z.string() }),
  /** Somebody is typing, or looking at a conversation; ephemeral, never stored. */
  typing: z.object({
    conversationId: idSchema,
    who: z.enum(['contact', 'agent']),
    id: idSchema,
    name: z.string(),
    until: instantSchema,
    /** An agent's: whether it will be for the customer; a note is never told to them. */
    mode: z.enum(['reply', 'note']).default('reply'),
  }),
  viewers: z.object({ conversationId: idSchema, agents: z.array(z.object({ id: idSchema, name: z.string() })) }),
  /** The log-in behind this socket has ended. */
  'session.ended': z.object({ reason: z.string() }),
} as const

export type AgentEventName = keyof typeof agentEvents
export type AgentEvents = { [K in AgentEventName]: z.output<(typeof agentEvents)[K]> }
export type AgentEvent = { [K in AgentEventName]: { name: K; body: AgentEvents[K] } }[AgentEventName]
export type AgentSignals = { [K in keyof typeof agentSignals]: z.output<(typeof agentSignals)[K]> }

/** Names and handler types for socket.io's `/agent` namespace. */
export type AgentServerToClient = { [K in AgentEventName]: (body: AgentEvents[K]) => void } & {
  [K in keyof AgentSignals]: (body: AgentSignals[K]) => void
}
