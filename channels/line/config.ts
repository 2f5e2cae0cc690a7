import { z } from 'zod'

/** Where LINE answers; the sandbox and proxies take its place by configuration. */
export const lineApiOrigin = 'https://api.line.me'
export const lineDataOrigin = 'https://api-data.line.me'

const secret = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{16,128}$/, 'must be 16 to 128 visible ASCII characters')
const origin = z
  .url({ protocol: /^https?$/, abort: true })
  .overwrite((url) => url.replace(/\/+$/, ''))
  .refine((url) => new URL(url).origin === url, 'must be an origin without a path, such as https://api.line.me')

/**
 * Settings of one LINE official account: the values of its Messaging API channel in the LINE Developers console.
 * Unknown keys are refused.
 */
export const lineConfigSchema = z.strictObject({
  channelId: z
    .string()
    .trim()
    .regex(/^\d{4,20}$/, 'must be the number shown as Channel ID'),
  /** Signs webhooks. */
  channelSecret: secret,
  /** The former secret, still good for webhooks while a new one is being rolled out. */
  previousChannelSecret: secret.optional(),
  /** Long-lived channel access token. */
  channelAccessToken: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{16,1000}$/, 'must be 16 to 1000 visible ASCII characters'),
  /** LINE user ids mean one person inside one provider; accounts of one provider share their customers. */
  providerId: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9_-]{1,40}$/, 'must be the number shown as Provider ID'),
  /** The account's own user id; when set, webhooks for another account are refused even if the signature fits. */
  botUserId: z
    .string()
    .trim()
    .regex(/^U[0-9a-f]{32}$/, 'must be U and 32 hexadecimal digits')
    .optional(),
  apiBaseUrl: origin.default(lineApiOrigin),
  apiDataBaseUrl: origin.default(lineDataOrigin),
  /** `reply_first` answers free of charge while a reply token lives; `push_only` never uses reply tokens. */
  sendPolicy: z.enum(['reply_first', 'push_only']).default('reply_first'),
  /** After a reply whose outcome nobody knows, push the message although the customer may then see it twice. */
  allowDuplicateAfterTimeout: z.boolean().default(false),
})

/** The settings with their defaults filled in. */
export type LineConfig = z.infer<typeof lineConfigSchema>

/** Settings kept sealed and never shown. */
export const lineSecretKeys = ['channelSecret', 'previousChannelSecret', 'channelAccessToken'] as const
