import { z } from 'zod'
import type { Reply } from './errors.ts'
import { clientIdSchema, messagePartSchema } from './messages.ts'
import { idSchema, instantSchema, outboxStatusSchema } from './words.ts'

/** Longest text of one web chat message, UTF-16 code units. */
export const webchatTextMaxChars = 10_000

/** What a visitor may put into a message; files are uploaded first. */
export const visitorPartSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('text'),
    text: z
      .string()
      .max(webchatTextMaxChars)
      .refine((text) => text.replaceAll('\0', '').trim() !== '', { message: 'Write something first.' }),
  }),
  z.object({ type: z.literal('file'), fileId: idSchema }),
])
export type VisitorPart = z.infer<typeof visitorPartSchema>

/** A message as the visitor sees it: no notes, no internal lines, no agent ids. */
export const visitorMessageSchema = z.object({
  id: idSchema,
  /** Conversations of one visitor follow each other; their ids sort by time. */
  conversationId: idSchema,
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
  /** Ordinal up to which the visitor has read, in whichever of their windows. */
  seenCount: z.number().int(),
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

/** A place in the visitor's thread: an ordinal of one of its conversations. */
export const visitorPlaceSchema = z.object({ conversationId: idSchema, ordinal: z.number().int().min(0) })
export type VisitorPlace = z.infer<typeof visitorPlaceSchema>

export const visitorCalls = {
  /**
   * What the browser missed; called on every connect. With `since` (the newest `seq` it has applied) the messages made or
   * changed after it; without, or when the gap is too long, the newest page with `fresh`, which replaces what it had.
   */
  sync: {
    input: z.object({ since: z.number().int().min(0).nullable().default(null), limit: z.number().int().min(1).max(100).default(50) }),
    output: z.object({
      state: visitorStateSchema,
      messages: z.array(visitorMessageSchema),
      fresh: z.boolean(),
      /** Older messages exist before the page; meaningful when `fresh`. */
      older: z.boolean(),
      seq: z.number().int(),
    }),
  },
  /** The page of messages before a place, oldest first. */
  history: {
    input: z.object({ before: visitorPlaceSchema, limit: z.number().int().min(1).max(100).default(50) }),
    output: z.object({ messages: z.array(visitorMessageSchema), older: z.boolean(), seq: z.number().int() }),
  },
  'message.send': {
    input: z.object({ clientId: clientIdSchema, parts: z.array(visitorPartSchema).min(1).max(10), locale: z.string().max(35).optional() }),
    output: z.object({ message: visitorMessageSchema, state: visitorStateSchema, seq: z.number().int() }),
  },
  /** The browser holds everything up to the place; with `read` its person has seen it. */
  progress: { input: visitorPlaceSchema.extend({ read: z.boolean() }), output: z.object({}) },
  typing: { input: z.object({}), output: z.object({}) },
} as const
export type VisitorCallName = keyof typeof visitorCalls
export type VisitorClientToServer = {
  [K in VisitorCallName]: (
    input: z.input<(typeof visitorCalls)[K]['input']>,
    reply: (reply: Reply<z.output<(typeof visitorCalls)[K]['output']>>) => void,
  ) => void
}

/** `POST /chat/:inboxId/session`: a visitor's browser asks for its identity, or for a fresh token of the one it has. */
export const visitorSessionInputSchema = z.object({ token: z.string().max(600).optional(), locale: z.string().max(35).optional() })
export const visitorSessionSchema = z.object({
  /** Signed visitor identity; kept by the browser, sent in the socket's handshake as `auth.token`. */
  token: z.string(),
  visitorId: idSchema,
  expiresAt: instantSchema,
  inbox: z.object({
    id: idSchema,
    name: z.string(),
    locale: z.string(),
    /** Null: the widget greets in its own words. */
    greeting: z.string().nullable(),
    color: z.string(),
    /** Largest file it takes, bytes; 0 = none. */
    maxFileBytes: z.number().int(),
  }),
})
export type VisitorSession = z.infer<typeof visitorSessionSchema>

/** `POST /chat/:inboxId/files`: the uploaded file, to be named in a message. */
export const visitorFileSchema = z.object({ fileId: idSchema, name: z.string(), mime: z.string(), bytes: z.number().int() })
export type VisitorFile = z.infer<typeof visitorFileSchema>
