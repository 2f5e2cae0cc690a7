import { z } from 'zod'
import { outgoingCardSchema, quickRepliesPart } from './cards.ts'
import { calendarPart, mailHeadSchema, outgoingMailSchema, undoMaxMs } from './mail.ts'
import { actorTypeSchema, channelIdSchema, idSchema, instantSchema, messageDirectionSchema, outboxStatusSchema } from './words.ts'

/** A stretch of text that means more than its letters; offsets are UTF-16 code units. */
export const entitySchema = z.object({
  kind: z.enum(['mention', 'emoji', 'link']),
  index: z.number().int().min(0),
  length: z.number().int().min(1),
  /** Mention: agent or provider user id. Emoji: `productId/emojiId`. Link: the address. */
  value: z.string().max(2000).optional(),
  self: z.boolean().optional(),
})
export type Entity = z.infer<typeof entitySchema>

const textPart = z.object({
  type: z.literal('text'),
  text: z.string(),
  entities: z.array(entitySchema).optional(),
  /** Where what may be folded begins (quoted history, signature of a mail), UTF-16 code units. */
  foldFrom: z.number().int().min(0).optional(),
})

const mediaPart = z.object({
  type: z.literal('media'),
  kind: z.enum(['image', 'video', 'audio', 'file']),
  /** Our file; its bytes are under `/api/v1/files/{fileId}/content`. */
  fileId: idSchema.optional(),
  name: z.string().max(255).optional(),
  mime: z.string().max(127).optional(),
  bytes: z.number().int().min(0).optional(),
  durationMs: z.number().int().min(0).optional(),
  album: z.object({ id: z.string(), index: z.number().int().optional(), total: z.number().int().optional() }).optional(),
  state: z.enum(['pending', 'ready', 'failed', 'gone']),
  /** Content-ID of a mail's part, without brackets: its HTML refers to it as `cid:…`. */
  contentId: z.string().max(998).optional(),
  /** Shown inside the mail's HTML rather than as an attachment. */
  inline: z.boolean().optional(),
})

const stickerPart = z.object({
  type: z.literal('sticker'),
  packageId: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/),
  stickerId: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/),
  resourceType: z.string().max(40).optional(),
  keywords: z.array(z.string()).optional(),
  text: z.string().optional(),
})

const locationPart = z.object({
  type: z.literal('location'),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  title: z.string().max(100).optional(),
  address: z.string().max(300).optional(),
})

/** A structured answer: postback, quick reply, form, DTMF. */
const choicePart = z.object({
  type: z.literal('choice'),
  label: z.string().optional(),
  data: z.string(),
  params: z.record(z.string(), z.string()).optional(),
})

/** A card; `body` is one of `cardBodySchema` where we made it, a provider's own form otherwise. */
const cardPart = z.object({ type: z.literal('card'), altText: z.string(), body: z.unknown() })

/** A line about what happened; `code` and `params` are rendered in the reader's language. */
const systemPart = z.object({
  type: z.literal('system'),
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
})

/** Something the provider sent that we do not know; its raw form stays in the ledger. */
const unsupportedPart = z.object({ type: z.literal('unsupported'), kind: z.string(), deliveryId: z.string().optional() })

/** Everything a message may carry. */
export const messagePartSchema = z.discriminatedUnion('type', [
  textPart,
  mediaPart,
  stickerPart,
  locationPart,
  choicePart,
  cardPart,
  quickRepliesPart,
  systemPart,
  unsupportedPart,
  calendarPart,
])
export type MessagePart = z.infer<typeof messagePartSchema>
export type TextPart = z.infer<typeof textPart>
export type MediaPart = z.infer<typeof mediaPart>
export type StickerPart = z.infer<typeof stickerPart>
export type LocationPart = z.infer<typeof locationPart>

/** Why an outgoing message failed, for the person who reads it. */
export const sendErrorSchema = z.object({
  /** The hub's word: rejected, blocked, quota, timeout, too_long, auth … */
  code: z.string(),
  /** A sentence for the agent. */
  detail: z.string(),
  /** The provider's own code and words, as they came. */
  provider: z.object({ code: z.string(), message: z.string(), requestId: z.string().optional() }).optional(),
})
export type SendError = z.infer<typeof sendErrorSchema>

export const messageSchema = z
  .object({
    id: idSchema,
    conversationId: idSchema,
    /** Place in the conversation: 1, 2, 3 … without gaps; every viewer sorts by it. */
    ordinal: z.number().int().min(1),
    direction: messageDirectionSchema,
    channel: channelIdSchema,
    /** `avatarUrl`: of a member of a group, who is no contact of ours and has no id. */
    author: z.object({ type: actorTypeSchema, id: z.string().nullable(), name: z.string(), avatarUrl: z.string().nullable().optional() }),
    parts: z.array(messagePartSchema),
    clientId: z.string().nullable(),
    quotedMessageId: z.string().nullable(),
    /** Mail only. */
    mail: mailHeadSchema.nullable(),
    /** Outgoing messages only. */
    delivery: z.object({ status: outboxStatusSchema, error: sendErrorSchema.nullable() }).nullable(),
    editedAt: instantSchema.nullable(),
    unsentAt: instantSchema.nullable(),
    occurredAt: instantSchema,
    createdAt: instantSchema,
  })
  .meta({ id: 'Message' })
export type Message = z.infer<typeof messageSchema>

/** What an agent (or a visitor) may put into a message; files are uploaded first. */
export const outgoingPartSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('text'),
    text: z.string().min(1).max(20_000),
    /** Mentions of members and pictures within the text, where the channel has them. */
    entities: z.array(entitySchema).max(20).optional(),
  }),
  z.object({ type: z.literal('file'), fileId: idSchema }),
  stickerPart.pick({ type: true, packageId: true, stickerId: true }),
  locationPart,
  outgoingCardSchema,
  quickRepliesPart,
])
export type OutgoingPart = z.infer<typeof outgoingPartSchema>

/** Made by the sender's program; the same id in the same conversation is the same message. */
export const clientIdSchema = z
  .string()
  .min(8)
  .max(64)
  .regex(/^[A-Za-z0-9_-]+$/)

export const sendInputSchema = z.object({
  clientId: clientIdSchema,
  kind: z.enum(['reply', 'note']).default('reply'),
  parts: z.array(outgoingPartSchema).min(1).max(10),
  quotedMessageId: idSchema.optional(),
  /** Newest `seq` the author had seen; with it the reply guard is on. */
  seenSeq: z.number().int().min(0).optional(),
  /** Send although newer messages have come since `seenSeq`. */
  force: z.boolean().default(false),
  /** Heads and rich text, for channels that carry mail; replies only. */
  mail: outgoingMailSchema.optional(),
  /** Time in which a reply can still be cancelled before it leaves, milliseconds. */
  undoMs: z.number().int().min(0).max(undoMaxMs).optional(),
})
export type SendInput = z.infer<typeof sendInputSchema>
