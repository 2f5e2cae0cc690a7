import { z } from 'zod'

/** Where LINE answers; the sandbox and proxies take its place by configuration. */
export const lineApiOrigin = 'https://api.line.me'
export const lineDataOrigin = 'https://api-data.line.me'
export const lineAccessOrigin = 'https://access.line.me'

const secret = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{16,128}$/, 'must be 16 to 128 visible ASCII characters')
const origin = z
  .url({ protocol: /^https?$/, abort: true })
  .overwrite((url) => url.replace(/\/+$/, ''))
  .refine((url) => new URL(url).origin === url, 'must be an origin without a path, such as https://api.line.me')

const settings = z.strictObject({
  channelId: z
    .string()
    .trim()
    .regex(/^\d{4,20}$/, 'must be the number shown as Channel ID'),
  /** Signs webhooks. */
  channelSecret: secret,
  /** The former secret, still good for webhooks while a new one is being rolled out. */
  previousChannelSecret: secret.optional(),
  /** Until when the former secret is good, epoch ms; without it, as long as it is set. */
  previousChannelSecretUntil: z.number().int().min(0).optional(),
  /**
   * `long_lived`: the token below. `stateless`: issued with the channel secret for a quarter of an hour at a time.
   * `v2_1`: issued for a day at a time with a key of one's own. Left out: `long_lived` where a token is given.
   */
  tokenKind: z.enum(['long_lived', 'stateless', 'v2_1']).optional(),
  /** Long-lived channel access token. */
  channelAccessToken: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{16,1000}$/, 'must be 16 to 1000 visible ASCII characters')
    .optional(),
  /** Private key (JWK, RSA) whose public half is registered at LINE, for `v2_1`. */
  assertionKey: z.string().trim().max(10_000).refine(isPrivateRsaKey, 'must be a private RSA key as JWK').optional(),
  /** The `kid` that LINE gave to the key. */
  assertionKeyId: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9_-]{1,100}$/)
    .optional(),
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
  /** Where customers confirm that an account is theirs. */
  accessBaseUrl: origin.default(lineAccessOrigin),
  /** `reply_first` answers free of charge while a reply token lives; `push_only` never uses reply tokens. */
  sendPolicy: z.enum(['reply_first', 'push_only']).default('reply_first'),
  /** After a reply whose outcome nobody knows, push the message although the customer may then see it twice. */
  allowDuplicateAfterTimeout: z.boolean().default(false),
  /**
   * What becomes of answers that cost a message while the monthly quota is low: `warn` sends them, `ask` waits for a
   * colleague who may allow them, `defer` waits until the customer writes and they are free.
   */
  whenQuotaLow: z.enum(['warn', 'ask', 'defer']).default('warn'),
  /** Share of the monthly quota above which it is low. */
  quotaLowPercent: z.number().int().min(50).max(100).default(95),
  /** The company's log-in page that links LINE users to its own accounts; without it customers cannot be asked to. */
  accountLinkUrl: z
    .url({ protocol: /^https$/ })
    .max(1000)
    .optional(),
})

/**
 * Settings of one LINE official account: the values of its Messaging API channel in the LINE Developers console.
 * Unknown keys are refused.
 */
export const lineConfigSchema = settings.superRefine((config, ctx) => {
  const missing = (path: string, message: string): void => ctx.addIssue({ code: 'custom', path: [path], message })
  if (config.tokenKind === 'long_lived' && config.channelAccessToken === undefined)
    missing('channelAccessToken', 'is needed for a long-lived token')
  if (config.tokenKind !== 'v2_1') return
  if (config.assertionKey === undefined) missing('assertionKey', 'is needed for a token of version 2.1')
  if (config.assertionKeyId === undefined) missing('assertionKeyId', 'is needed for a token of version 2.1')
})

function isPrivateRsaKey(text: string): boolean {
  try {
    const key: unknown = JSON.parse(text)
    return typeof key === 'object' && key !== null && 'kty' in key && key.kty === 'RSA' && 'd' in key && typeof key.d === 'string'
  } catch {
    return false
  }
}

/** The settings with their defaults filled in. */
export type LineConfig = z.infer<typeof lineConfigSchema>

/** Settings kept sealed and never shown. */
export const lineSecretKeys = ['channelSecret', 'previousChannelSecret', 'channelAccessToken', 'assertionKey'] as const
