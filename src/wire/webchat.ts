import { z } from 'zod'
import { chatConsentSchema, chatFormSchema } from './chat-forms.ts'
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
    .max(200 * 1024 * 1024)
    .default(10 * 1024 * 1024),
  /** Asked before the first message; null asks nothing. */
  preChat: chatFormSchema.nullable().default(null),
  /** Agreed to before the first message and with the away form; null asks for none. */
  consent: chatConsentSchema.nullable().default(null),
  /** Whether the site may, or must, say who its users are. */
  identity: z.enum(['off', 'optional', 'required']).default('off'),
  /** Inboxes of one realm know the same users; the inbox alone when left out. */
  identityRealm: z
    .string()
    .regex(/^[\w.-]{1,60}$/)
    .optional(),
  /** When a form for an answer by e-mail stands in place of the chat: outside the opening hours, or also when nobody is at work. */
  awayForm: z.enum(['off', 'closed', 'closed_or_unattended']).default('closed'),
  /** What waiting visitors are shown of the line. */
  showQueue: z.enum(['off', 'position', 'wait', 'both']).default('both'),
  /** Visitors may have their conversation sent to an address that is proved to be theirs. */
  transcripts: z.boolean().default(true),
  /** The e-mail inbox that mails for this chat; null: nothing is mailed. */
  mailInboxId: idSchema.nullable().default(null),
  /** How much of the address of the page around the chat agents see; queries often carry secrets. */
  pageAddress: z.enum(['off', 'path', 'query']).default('path'),
  /** Mixed into the key that signs visitor identities: changing it makes every browser a new visitor. */
  identitySecret: z.string().min(16).max(200).optional(),
  /** The key the site signs its users with (HMAC-SHA256, and HS256 for JWT). */
  siteSecret: z.string().min(32).max(200).optional(),
  /** The key before it, good until it is removed: keys change without logging anybody out. */
  formerSiteSecret: z.string().min(32).max(200).optional(),
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
    /** Who the site has proved the visitor to be, at the time. */
    identity: z
      .object({ externalId: z.string().max(300), name: z.string().max(200).optional(), email: z.string().max(254).optional() })
      .optional(),
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
export function webchatPayloadId(
  payload:
    | Pick<Extract<WebchatPayload, { kind: 'message' }>, 'kind' | 'visitorId' | 'clientId'>
    | Pick<Extract<WebchatPayload, { kind: 'receipt' }>, 'kind' | 'visitorId' | 'messageId' | 'status'>,
): string {
  return payload.kind === 'message'
    ? `${payload.visitorId}:${payload.clientId}`
    : `${payload.visitorId}:${payload.status}:${payload.messageId}`
}
