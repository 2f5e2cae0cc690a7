import { z } from 'zod'
import { cardKindSchema } from './cards.ts'
import { channelIdSchema, idSchema, instantSchema } from './words.ts'

/** How an inbox is doing, with what to do about it. */
export const inboxHealthSchema = z.object({
  state: z.enum(['ok', 'degraded', 'auth_failed', 'quota_exhausted', 'webhook_silent', 'suspended']),
  since: instantSchema,
  detail: z.string().nullable(),
})
export type InboxHealth = z.infer<typeof inboxHealthSchema>

/** What an account may send within its plan, and how it goes on as it has gone this month. */
export const inboxQuotaSchema = z.object({
  /** Messages a month; null for no limit. */
  limit: z.number().int().min(0).nullable(),
  used: z.number().int().min(0),
  /** When the provider told it. */
  readAt: instantSchema,
  /** What had been used at the ends of earlier days and hours of this month, oldest first. */
  samples: z.array(z.object({ at: instantSchema, used: z.number().int().min(0) })).max(64),
})
export type InboxQuota = z.infer<typeof inboxQuotaSchema>

/** What a channel can do; consoles and splitters read this, never the channel's name. */
export const capabilitiesSchema = z
  .object({
    /** Longest text of one message; null = no limit. UTF-16 code units. */
    textMaxChars: z.number().int().nullable(),
    /** Bubbles one send may carry. */
    maxParts: z.number().int(),
    media: z.array(z.enum(['image', 'video', 'audio', 'file'])),
    /** Largest file it takes, bytes, by kind. */
    mediaMaxBytes: z.partialRecord(z.enum(['image', 'video', 'audio', 'file']), z.number().int()),
    stickers: z.boolean(),
    /** Packages whose stickers may be sent; any when left out. */
    stickerPackages: z.array(z.string()).optional(),
    location: z.boolean(),
    quote: z.boolean(),
    /** Kinds of cards it carries; none when left out. */
    cards: z.array(cardKindSchema).optional(),
    /** Suggested answers of one message at most; none when left out. */
    quickReplies: z.number().int().optional(),
    /** Members of a group may be mentioned in a text. */
    mentions: z.boolean().optional(),
    /** Pictures of the channel's own may stand in a text. */
    emoji: z.boolean().optional(),
    /** A text longer than this leaves as several; `textMaxChars` is then the length of all. */
    textSplitChars: z.number().int().optional(),
    /** A text is paid for by its SMS segments (`smsSegments`). */
    segments: z.boolean().optional(),
    /** Sends may count against a paid quota. */
    metered: z.boolean().optional(),
    typingIn: z.boolean(),
    typingOut: z.boolean(),
    readIn: z.boolean(),
    readOut: z.boolean(),
    /** Subject, several recipients and rich text; no when left out. */
    mail: z.boolean().optional(),
    /** The strongest state a send can reach on this channel. */
    provable: z.enum(['accepted', 'delivered', 'read']),
    /** Idle time after which an item waiting for the customer frees its slot; null = never. */
    parkAfterMs: z.number().int().nullable(),
  })
  .meta({ id: 'Capabilities' })
export type Capabilities = z.infer<typeof capabilitiesSchema>

/** Where an account's plan stands, for whoever writes: what is left, and where it leads. */
export const quotaStandingSchema = z.object({
  limit: z.number().int().nullable(),
  used: z.number().int(),
  left: z.number().int().nullable(),
  readAt: instantSchema,
  /** `warn` from 80 %, `low` from the account's own share. */
  level: z.enum(['ok', 'warn', 'low', 'exhausted']),
  /** When nothing is left if it goes on so; null when the month ends first. */
  exhaustedAt: instantSchema.nullable(),
  /** What becomes of counted sends while it is low. */
  whenLow: z.enum(['warn', 'ask', 'defer']),
})
export type QuotaStanding = z.infer<typeof quotaStandingSchema>

/** An inbox as agents see it; its settings and secrets stay with administrators. */
export const inboxSchema = z
  .object({
    id: idSchema,
    channel: channelIdSchema,
    name: z.string(),
    enabled: z.boolean(),
    queueId: idSchema,
    health: inboxHealthSchema,
    capabilities: capabilitiesSchema,
    /** Null where sends are not counted, or before the plan was read. */
    quota: quotaStandingSchema.nullable().optional(),
  })
  .meta({ id: 'Inbox' })
export type Inbox = z.infer<typeof inboxSchema>

/** An inbox as administrators see it; secrets are only told to be there. */
export const inboxDetailSchema = inboxSchema
  .extend({
    config: z.record(z.string(), z.unknown()),
    secretsSet: z.array(z.string()),
    restricted: z.boolean(),
    memberIds: z.array(idSchema),
    locale: z.string(),
    reopenWindowMs: z.number().int(),
    webhookUrl: z.string().nullable(),
  })
  .meta({ id: 'InboxDetail' })
export type InboxDetail = z.infer<typeof inboxDetailSchema>

export const inboxInputSchema = z.object({
  channel: channelIdSchema,
  name: z.string().trim().min(1).max(80),
  queueId: idSchema,
  locale: z.string().max(35).default('en'),
  enabled: z.boolean().default(true),
  restricted: z.boolean().default(false),
  memberIds: z.array(idSchema).max(2000).default([]),
  reopenWindowMs: z
    .number()
    .int()
    .min(0)
    .max(365 * 86_400_000)
    .default(3 * 86_400_000),
  /** Settings and secrets together, as the channel's schema names them. */
  config: z.record(z.string(), z.unknown()),
})
export type InboxInput = z.infer<typeof inboxInputSchema>
