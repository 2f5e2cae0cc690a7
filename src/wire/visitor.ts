import { z } from 'zod'
import { chatConsentSchema, chatFormSchema, formAnswersSchema } from './chat-forms.ts'
import type { Reply } from './errors.ts'
import { clientIdSchema, messagePartSchema } from './messages.ts'
import { visitorPageSchema } from './visitor-profile.ts'
import { idSchema, instantSchema, outboxStatusSchema } from './words.ts'

/** Longest text of one web chat message, UTF-16 code units. */
export const webchatTextMaxChars = 10_000

/** Kinds of cards that the widget draws. */
export const webchatCardKinds = ['buttons', 'confirm', 'carousel', 'image_carousel'] as const

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
  /** A tap on a suggested answer or a card's button: what it says, and the data that came with it. */
  z.object({
    type: z.literal('choice'),
    label: z.string().trim().min(1).max(300),
    data: z.string().min(1).max(300),
    params: z.record(z.string().max(40), z.string().max(100)).optional(),
  }),
  /** A form, with the version of the consent that was given; goes before the text it introduces. */
  z.object({
    type: z.literal('form'),
    form: z.enum(['prechat', 'away']),
    answers: formAnswersSchema,
    consent: z.string().max(40).optional(),
  }),
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

/** A visitor's place in line. Both are null where the inbox does not show them or they are not known. */
export const visitorWaitingSchema = z.object({
  /** 1 is next. */
  position: z.number().int().min(1).nullable(),
  /** By how fast people before them were taken lately, milliseconds. */
  expectedMs: z.number().int().min(0).nullable(),
})
export type VisitorWaiting = z.infer<typeof visitorWaitingSchema>

/** Whether somebody will answer: `closed` outside the opening hours, `unattended` when nobody of the queue is at work. */
export const chatServiceSchema = z.object({
  mode: z.enum(['open', 'closed', 'unattended']),
  /** When it opens again, where that is known. */
  opensAt: instantSchema.nullable(),
})
export type ChatService = z.infer<typeof chatServiceSchema>

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
  /** The place in line has changed; not part of the log. Null: they wait no longer. */
  waiting: z.object({ conversationId: idSchema, waiting: visitorWaitingSchema.nullable() }),
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
    input: z.object({
      clientId: clientIdSchema,
      parts: z.array(visitorPartSchema).min(1).max(10),
      locale: z.string().max(35).optional(),
      page: visitorPageSchema.optional(),
    }),
    output: z.object({ message: visitorMessageSchema, state: visitorStateSchema, seq: z.number().int() }),
  },
  /** The browser holds everything up to the place; with `read` its person has seen it. */
  progress: { input: visitorPlaceSchema.extend({ read: z.boolean() }), output: z.object({}) },
  typing: { input: z.object({}), output: z.object({}) },
  /** Whether somebody will answer now; for a chat that stands open over closing time. */
  service: { input: z.object({}), output: chatServiceSchema },
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

/** What the site around the chat gives as proof of who its user is: their id with its HMAC, or a signed token (JWT). */
export const identityProofSchema = z.union([
  z.strictObject({
    id: z.string().min(1).max(200),
    /** Hexadecimal HMAC-SHA256 of `id` under the inbox's site secret. */
    hash: z.string().regex(/^[0-9a-f]{64}$/i),
    /** Not signed: shown to agents as said, never believed. */
    name: z.string().max(200).optional(),
    email: z.string().max(254).optional(),
  }),
  z.strictObject({ jwt: z.string().min(20).max(4_000) }),
])
export type IdentityProof = z.infer<typeof identityProofSchema>

/** `POST /chat/:inboxId/identify`: the session of the browser so far, and the proof. Answers with a session of that user. */
export const visitorIdentifyInputSchema = z.object({ token: z.string().max(600).optional(), proof: identityProofSchema })

export const visitorSessionSchema = z.object({
  /** Signed visitor identity; kept by the browser, sent in the socket's handshake as `auth.token`. */
  token: z.string(),
  visitorId: idSchema,
  expiresAt: instantSchema,
  /** The site has proved who the visitor is. */
  identified: z.boolean(),
  /** Their name, as they or their site gave it; forms need not ask again. */
  knownName: z.string().nullable(),
  /** Where a transcript may be sent: an address that is proved to be theirs. */
  transcriptTo: z.string().nullable(),
  service: chatServiceSchema,
  inbox: z.object({
    id: idSchema,
    name: z.string(),
    locale: z.string(),
    /** Null: the widget greets in its own words. */
    greeting: z.string().nullable(),
    color: z.string(),
    /** Largest file it takes, bytes; 0 = none. */
    maxFileBytes: z.number().int(),
    /** `required`: nothing can be sent before the site has said who it is. */
    identity: z.enum(['off', 'optional', 'required']),
    /** Asked before the first message; null = nothing is asked. */
    preChat: chatFormSchema.nullable(),
    consent: chatConsentSchema.nullable(),
    /** How much of the page around it the chat may tell agents. */
    pageAddress: z.enum(['off', 'path', 'query']),
  }),
})
export type VisitorSession = z.infer<typeof visitorSessionSchema>

/** `POST /chat/:inboxId/erase`: the visitor's data is deleted for good; said twice so that no slip does it. */
export const eraseInputSchema = z.object({ confirm: z.literal(true) })

/** `POST /chat/:inboxId/tickets`: asks to upload one file. */
export const uploadTicketInputSchema = z.object({ name: z.string().max(1_000), bytes: z.number().int().min(1) })
/** Good for one upload to `POST /chat/:inboxId/files/:ticket`. */
export const uploadTicketSchema = z.object({ ticket: z.string(), expiresAt: instantSchema })
export type UploadTicket = z.infer<typeof uploadTicketSchema>

/** `POST /chat/:inboxId/files/:ticket`: the uploaded file, to be named in a message. */
export const visitorFileSchema = z.object({ fileId: idSchema, name: z.string(), mime: z.string(), bytes: z.number().int() })
export type VisitorFile = z.infer<typeof visitorFileSchema>
