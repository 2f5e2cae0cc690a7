import { z } from 'zod'
import { clientIdSchema } from './messages.ts'
import { visitorPartSchema } from './visitor.ts'
import { idSchema, instantSchema } from './words.ts'

/** Written as browsers write it; nothing else, for it also stands in a response header. */
const originSchema = z
  .string()
  .max(300)
  .refine((text) => /^https?:\/\/([a-z0-9.-]+|\[[0-9a-f:]+\])(:\d+)?$/.test(text) && URL.canParse(text) && new URL(text).origin === text, {
    message: 'Write an origin alone, such as https://shop.example, without a path.',
  })

/**
 * Settings of one web chat inbox: a site on which the widget stands.
 * The hub's own origin may always show the chat; `allowedOrigins` are compared exactly, never by suffix.
 */
export const webchatConfigSchema = z.strictObject({
  /** Sites that may show the chat in a frame and open sockets. */
  allowedOrigins: z.array(originSchema).max(50).default([]),
  /** Accent colour of the widget. */
  color: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, { message: 'Write the colour as #rrggbb.' })
    .default('#3a55b4'),
  /** First line shown before anybody has written; the widget's own, in the visitor's language, when null. */
  greeting: z.string().trim().max(500).nullable().default(null),
  /** Days after the last visit for which a browser is recognised and shown its past messages. */
  retentionDays: z.number().int().min(1).max(730).default(180),
  /** Largest file a visitor may send, bytes; 0 refuses files. */
  maxFileBytes: z
    .number()
    .int()
    .min(0)
    .max(50 * 1024 * 1024)
    .default(10 * 1024 * 1024),
  /** Mixed into the key that signs visitor identities: changing it makes every browser a new visitor. */
  identitySecret: z.string().min(16).max(200).optional(),
})
export type WebchatConfig = z.infer<typeof webchatConfigSchema>

/** What the gateway puts into the delivery ledger, after it has checked who writes. */
export const webchatPayloadSchema = z.discriminatedUnion('kind', [
  z.object({
    version: z.literal(1),
    kind: z.literal('message'),
    visitorId: idSchema,
    clientId: clientIdSchema,
    at: instantSchema,
    parts: z.array(visitorPartSchema).min(1).max(10),
    /** Language of the visitor's browser, BCP 47. */
    locale: z.string().max(35).optional(),
  }),
  /** How far the visitor's browser, or its person, got with one of our messages. */
  z.object({
    version: z.literal(1),
    kind: z.literal('receipt'),
    visitorId: idSchema,
    messageId: idSchema,
    status: z.enum(['delivered', 'read']),
    at: instantSchema,
  }),
])
export type WebchatPayload = z.infer<typeof webchatPayloadSchema>

/** The ledger's id of a payload: the same message of the same visitor, and the same step of a receipt, is one payload. */
export function webchatPayloadId(payload: WebchatPayload): string {
  return payload.kind === 'message'
    ? `${payload.visitorId}:${payload.clientId}`
    : `${payload.visitorId}:${payload.status}:${payload.messageId}`
}
