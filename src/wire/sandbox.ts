import { z } from 'zod'
import { instantSchema } from './words.ts'

/** Longest text that the customer's phone sends, UTF-16 code units. */
export const phoneTextMaxChars = 5_000
/** Largest picture that the customer's phone sends, bytes. */
export const phoneImageMaxBytes = 10_000_000

/** Kinds of pictures that the phone sends. */
export const phoneImageTypes = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] as const

const url = z.string().max(2_000)

/** What a bubble on the phone shows, whoever said it. */
export const phoneBubbleSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
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
  /** A provider's rich form, told by its texts and its first link. */
  z.object({ type: z.literal('card'), lines: z.array(z.string()), url: url.nullable() }),
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
  read: z.boolean(),
  unsent: z.boolean(),
})
export type PhoneEntry = z.infer<typeof phoneEntrySchema>

/** A customer who has the account in their phone. */
export const phoneCustomerSchema = z.object({
  id: z.string(),
  name: z.string(),
  pictureUrl: z.string().nullable(),
  friend: z.boolean(),
  blocked: z.boolean(),
  /** Newest entry, for the list of customers. */
  newest: phoneEntrySchema.nullable(),
})
export type PhoneCustomer = z.infer<typeof phoneCustomerSchema>

export const phoneAccountSchema = z.object({
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
  z.object({ act: z.literal('text'), text: z.string().trim().min(1).max(phoneTextMaxChars) }),
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
])
export type PhoneAct = z.infer<typeof phoneActSchema>

export const newPhoneCustomerSchema = z.object({ name: z.string().trim().min(1).max(20) })

/** A change that the phone's page is told of; what changed is fetched. */
export const phoneChangeSchema = z.object({ accountId: z.string(), customerId: z.string() })
export type PhoneChange = z.infer<typeof phoneChangeSchema>
