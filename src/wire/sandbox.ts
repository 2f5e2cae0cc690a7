import { z } from 'zod'
import { instantSchema } from './words.ts'

/** Longest text that the customer's phone sends, UTF-16 code units. */
export const phoneTextMaxChars = 5_000
/** Largest picture that the customer's phone sends, bytes. */
export const phoneImageMaxBytes = 10_000_000

/** Largest film, recording or file that the customer's phone sends, bytes. */
export const phoneFileMaxBytes = 20_000_000

/** Kinds of pictures that the phone sends. */
export const phoneImageTypes = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] as const

const url = z.string().max(2_000)

/** A button on the phone and what touching it does. */
export const phoneButtonSchema = z.object({
  label: z.string(),
  /** `ask`: the phone would ask for a place or a picture. */
  act: z.enum(['say', 'reply', 'open', 'pick', 'ask']),
  /** What is said, given back or opened; `location`, `camera` or `photos` for `ask`. */
  value: z.string(),
  mode: z.enum(['date', 'time', 'datetime']).optional(),
})
export type PhoneButton = z.infer<typeof phoneButtonSchema>

/** One panel of a card. */
export const phonePanelSchema = z.object({
  title: z.string().nullable(),
  lines: z.array(z.string()),
  imageUrl: url.nullable(),
  buttons: z.array(phoneButtonSchema),
})
export type PhonePanel = z.infer<typeof phonePanelSchema>

/** What a bubble on the phone shows, whoever said it. */
export const phoneBubbleSchema = z.discriminatedUnion('type', [
  /** `emojis`: pictures that stand for stretches of the text. */
  z.object({
    type: z.literal('text'),
    text: z.string(),
    emojis: z.array(z.object({ index: z.number().int(), length: z.number().int(), url })).optional(),
  }),
  z.object({ type: z.literal('sticker'), packageId: z.string(), stickerId: z.string() }),
  z.object({
    type: z.literal('location'),
    latitude: z.number(),
    longitude: z.number(),
    title: z.string().nullable(),
    address: z.string().nullable(),
  }),
  /** `url` null: the content is not to be had any more. */
  z.object({ type: z.literal('image'), url: url.nullable() }),
  z.object({ type: z.literal('video'), url: url.nullable() }),
  z.object({ type: z.literal('audio'), url: url.nullable() }),
  z.object({ type: z.literal('file'), name: z.string() }),
  /** A template, image map or Flex message, told by its panels. */
  z.object({ type: z.literal('card'), panels: z.array(phonePanelSchema) }),
  z.object({ type: z.literal('unknown'), kind: z.string() }),
])
export type PhoneBubble = z.infer<typeof phoneBubbleSchema>

export const phoneEntrySchema = z.object({
  id: z.string(),
  at: instantSchema,
  from: z.enum(['customer', 'account']),
  bubble: phoneBubbleSchema,
  /** Whether the hub has taken what the customer sent; null for the account's messages. */
  delivery: z.enum(['waiting', 'taken', 'failed']).nullable(),
  /** Where an account's message stands, on phones whose network tells. */
  state: z.enum(['queued', 'sent', 'delivered', 'undelivered', 'failed', 'read']).optional(),
  /** The network's error code, where it was not delivered. */
  errorCode: z.number().int().optional(),
  read: z.boolean(),
  unsent: z.boolean(),
  /** Words of the message that this one quotes; null when it quotes none. */
  quote: z.string().nullable(),
  /** Suggested answers, on the newest message only. */
  quickReplies: z.array(phoneButtonSchema),
  /** Whether the account's message was counted; null for the customer's. */
  counted: z.boolean().nullable(),
})
export type PhoneEntry = z.infer<typeof phoneEntrySchema>

/** A customer who has the account in their phone. */
export const phoneCustomerSchema = z.object({
  id: z.string(),
  name: z.string(),
  pictureUrl: z.string().nullable(),
  friend: z.boolean(),
  blocked: z.boolean(),
  /** Switched off. */
  off: z.boolean().optional(),
  /** Newest entry, for the list of customers. */
  newest: phoneEntrySchema.nullable(),
})
export type PhoneCustomer = z.infer<typeof phoneCustomerSchema>

export const phoneAccountSchema = z.object({
  /** What is on the phone; LINE when left out. */
  kind: z.enum(['line', 'sms']).optional(),
  id: z.string(),
  name: z.string(),
  customers: z.array(phoneCustomerSchema),
})
export type PhoneAccount = z.infer<typeof phoneAccountSchema>

/** All phones there are. */
export const phonesSchema = z.object({ now: instantSchema, accounts: z.array(phoneAccountSchema) })
export type Phones = z.infer<typeof phonesSchema>

/** One chat, from the customer's side. */
export const phoneThreadSchema = z.object({
  now: instantSchema,
  customer: phoneCustomerSchema,
  /** The account's loading animation is shown until then; 0 when it is not. */
  typingUntil: instantSchema,
  entries: z.array(phoneEntrySchema),
})
export type PhoneThread = z.infer<typeof phoneThreadSchema>

const stickerId = z.string().regex(/^[0-9]{1,20}$/)

/** What a customer may do with the phone. */
export const phoneActSchema = z.discriminatedUnion('act', [
  z.object({
    act: z.literal('text'),
    text: z.string().trim().min(1).max(phoneTextMaxChars),
    /** Message that is quoted. */
    quote: z
      .string()
      .regex(/^[0-9]{1,32}$/)
      .optional(),
  }),
  /** Touches a button that gives data back. */
  z.object({
    act: z.literal('postback'),
    data: z.string().min(1).max(300),
    /** What the customer chose, of a day or a time. */
    picked: z.object({ mode: z.enum(['date', 'time', 'datetime']), value: z.string().max(40) }).optional(),
  }),
  z.object({ act: z.literal('sticker'), packageId: stickerId, stickerId }),
  z.object({
    act: z.literal('location'),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    title: z.string().trim().max(100).optional(),
    address: z.string().trim().max(100).optional(),
  }),
  /** Becomes a friend, or lifts the block. */
  z.object({ act: z.literal('follow') }),
  /** Blocks the account. */
  z.object({ act: z.literal('block') }),
  z.object({ act: z.literal('unsend'), messageId: z.string().regex(/^[0-9]{1,32}$/) }),
  /** Switches a phone off, so that nothing is delivered, or on again. */
  z.object({ act: z.literal('power'), on: z.boolean() }),
])
export type PhoneAct = z.infer<typeof phoneActSchema>

export const newPhoneCustomerSchema = z.object({ name: z.string().trim().min(1).max(20) })

/** What the platform does to an account until it is told otherwise. */
export const phoneSwitchesSchema = z.object({
  /** Life of reply tokens and of stateless access tokens, ms; null for the platform's own. */
  tokenLifeMs: z.number().int().min(0).max(3_600_000).nullable(),
  /** How long media take to be prepared, ms. */
  prepareMs: z.number().int().min(0).max(3_600_000),
  duplicates: z.boolean(),
  reorders: z.boolean(),
  dropsDownloads: z.boolean(),
  failsTranscoding: z.boolean(),
  /** Webhooks that fail come again. */
  redelivers: z.boolean(),
  /** Messages a month; null for no limit. */
  monthlyQuota: z.number().int().min(0).max(1_000_000).nullable(),
})
export type PhoneSwitches = z.infer<typeof phoneSwitchesSchema>

/** The switches of an account, and what it has used. */
export const phonePlatformSchema = z.object({ switches: phoneSwitchesSchema, quotaUsed: z.number().int() })
export type PhonePlatform = z.infer<typeof phonePlatformSchema>

/** A change that the phone's page is told of; what changed is fetched. */
export const phoneChangeSchema = z.object({ accountId: z.string(), customerId: z.string() })
export type PhoneChange = z.infer<typeof phoneChangeSchema>
