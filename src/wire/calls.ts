import { z } from 'zod'
import { agentSchema, stateInputSchema } from './agents.ts'
import { assignInputSchema, conversationSchema, wrapUpInputSchema } from './conversations.ts'
import type { Reply } from './errors.ts'
import { messageSchema, sendInputSchema } from './messages.ts'
import { offerSchema } from './offers.ts'
import { idSchema, instantSchema } from './words.ts'

const none = z.object({})
const conversationId = z.object({ conversationId: idSchema })

/** What a console may ask over its socket; every call is acknowledged with a `Reply`. */
export const agentCalls = {
  /** Opens a thread: `message.changed`, typing and viewers of it follow until `thread.close`. */
  'thread.open': { input: conversationId, output: none },
  'thread.close': { input: conversationId, output: none },
  /** Newest `seq` the console has applied; the server's measure of how far it may run ahead. */
  ack: { input: z.object({ seq: z.number().int().min(0) }), output: none },
  /** Renews the presence lease; answered with when it runs out. */
  'presence.renew': { input: none, output: z.object({ leaseUntil: instantSchema }) },
  'state.set': { input: stateInputSchema, output: z.object({ agent: agentSchema }) },
  'offer.accept': { input: z.object({ offerId: idSchema }), output: z.object({ offer: offerSchema }) },
  'offer.decline': {
    input: z.object({ offerId: idSchema, reason: z.string().max(200).optional() }),
    output: z.object({ offer: offerSchema }),
  },
  'message.send': { input: sendInputSchema.extend({ conversationId: idSchema }), output: z.object({ message: messageSchema }) },
  'conversation.read': { input: conversationId.extend({ ordinal: z.number().int().min(0) }), output: none },
  'conversation.assign': { input: assignInputSchema.and(conversationId), output: z.object({ conversation: conversationSchema }) },
  /** Ends the contact: the conversation goes to wrap-up, or is resolved where the queue has none. */
  'conversation.finish': { input: conversationId, output: z.object({ conversation: conversationSchema }) },
  'conversation.wrap-up': {
    input: wrapUpInputSchema.extend({ conversationId: idSchema }),
    output: z.object({ conversation: conversationSchema }),
  },
  /** `note`: colleagues see it, the customer does not. */
  typing: { input: conversationId.extend({ mode: z.enum(['reply', 'note']).default('reply') }), output: none },
} as const

export type AgentCallName = keyof typeof agentCalls
export type AgentCallInput<K extends AgentCallName> = z.input<(typeof agentCalls)[K]['input']>
export type AgentCallParsed<K extends AgentCallName> = z.output<(typeof agentCalls)[K]['input']>
export type AgentCallOutput<K extends AgentCallName> = z.output<(typeof agentCalls)[K]['output']>

/** Names and handler types for socket.io's `/agent` namespace. */
export type AgentClientToServer = {
  [K in AgentCallName]: (input: AgentCallInput<K>, reply: (reply: Reply<AgentCallOutput<K>>) => void) => void
}
