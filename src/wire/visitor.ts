import { z } from 'zod'
import type { Reply } from './errors.ts'
import { clientIdSchema, messagePartSchema, outgoingPartSchema } from './messages.ts'
import { idSchema, instantSchema, outboxStatusSchema } from './words.ts'

/** A message as the visitor sees it: no notes, no internal lines, no agent ids. */
export const visitorMessageSchema = z.object({
  id: idSchema,
  /** Place in the conversation as stored; ascending, with gaps where internal lines stand. */
  ordinal: z.number().int(),
  direction: z.enum(['in', 'out', 'system']),
  authorName: z.string().nullable(),
  parts: z.array(messagePartSchema),
  clientId: z.string().nullable(),
  /** For the visitor's own: `delivered` once stored, `read` once an agent has seen it. */
  status: outboxStatusSchema.nullable(),
  unsent: z.boolean(),
  at: instantSchema,
})
export type VisitorMessage = z.infer<typeof visitorMessageSchema>

/** Where the visitor's conversation stands, in the customer's words. */
export const visitorStateSchema = z.object({
  /** Null before the first message. */
  conversationId: idSchema.nullable(),
  status: z.enum(['none', 'waiting', 'talking', 'ended']),
  agentName: z.string().nullable(),
  /** Ordinal up to which an agent has read. */
  readCount: z.number().int(),
})
export type VisitorState = z.infer<typeof visitorStateSchema>

export const visitorEvents = {
  'message.changed': z.object({ seq: z.number().int(), message: visitorMessageSchema }),
  'state.changed': z.object({ seq: z.number().int(), state: visitorStateSchema }),
  heartbeat: z.object({ seq: z.number().int(), at: instantSchema }),
  typing: z.object({ name: z.string(), until: instantSchema }),
} as const
export type VisitorEvents = { [K in keyof typeof visitorEvents]: z.output<(typeof visitorEvents)[K]> }
export type VisitorServerToClient = { [K in keyof VisitorEvents]: (body: VisitorEvents[K]) => void }

export const visitorCalls = {
  /** Messages after `afterOrdinal`, oldest first, with the state; called on every connect. */
  sync: {
    input: z.object({ afterOrdinal: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(200).default(100) }),
    output: z.object({ state: visitorStateSchema, messages: z.array(visitorMessageSchema), more: z.boolean(), seq: z.number().int() }),
  },
  'message.send': {
    input: z.object({ clientId: clientIdSchema, parts: z.array(outgoingPartSchema).min(1).max(10) }),
    output: z.object({ message: visitorMessageSchema, state: visitorStateSchema }),
  },
  read: { input: z.object({ ordinal: z.number().int().min(0) }), output: z.object({}) },
  typing: { input: z.object({}), output: z.object({}) },
} as const
export type VisitorCallName = keyof typeof visitorCalls
export type VisitorClientToServer = {
  [K in VisitorCallName]: (
    input: z.input<(typeof visitorCalls)[K]['input']>,
    reply: (reply: Reply<z.output<(typeof visitorCalls)[K]['output']>>) => void,
  ) => void
}

/** `POST /chat/:inboxId/session`: a visitor's browser asks for its identity. */
export const visitorSessionInputSchema = z.object({ token: z.string().max(600).optional(), locale: z.string().max(35).optional() })
export const visitorSessionSchema = z.object({
  /** Signed visitor identity; kept by the browser, sent in the socket's handshake as `auth.token`. */
  token: z.string(),
  visitorId: idSchema,
  expiresAt: instantSchema,
  inbox: z.object({ id: idSchema, name: z.string(), locale: z.string(), greeting: z.string().nullable(), color: z.string() }),
})
export type VisitorSession = z.infer<typeof visitorSessionSchema>
