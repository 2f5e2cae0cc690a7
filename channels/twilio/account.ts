import { z } from 'zod'

/** Where Twilio answers; a regional address, a proxy or the sandbox takes its place by configuration. */
export const twilioApiOrigin = 'https://api.twilio.com'

const secret = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{16,128}$/, 'must be 16 to 128 visible ASCII characters')
const sid = (letters: string) =>
  z
    .string()
    .trim()
    .regex(new RegExp(`^${letters}[0-9a-f]{32}$`), `must be ${letters} and 32 hexadecimal digits`)
const origin = z
  .url({ protocol: /^https?$/, abort: true })
  .overwrite((url) => url.replace(/\/+$/, ''))
  .refine((url) => new URL(url).origin === url, 'must be an origin without a path, such as https://api.twilio.com')

/** Settings that every channel over a Twilio account has, as the Twilio console shows them. */
export const twilioAccountShape = {
  accountSid: sid('AC'),
  /** Signs webhooks; also calls, where no API key is given. A subaccount has its own. */
  authToken: secret,
  /** The former token, still good for webhooks while a new one is being rolled out. */
  previousAuthToken: secret.optional(),
  /** A key for calls, so that the token need not be used for them. */
  apiKeySid: sid('SK').optional(),
  apiKeySecret: secret.optional(),
  /** Of a region or a proxy, such as `https://api.dublin.ie1.twilio.com`. */
  apiBaseUrl: origin.default(twilioApiOrigin),
}

/** Those of them that are kept sealed. */
export const twilioSecretKeys = ['authToken', 'previousAuthToken', 'apiKeySecret'] as const

const account = z.object(twilioAccountShape)
export type TwilioAccount = z.infer<typeof account>

/** Whether the key is complete: its two halves stand together or not at all. */
export function hasHalfKey(config: Pick<TwilioAccount, 'apiKeySid' | 'apiKeySecret'>): 'apiKeySid' | 'apiKeySecret' | null {
  if ((config.apiKeySid === undefined) === (config.apiKeySecret === undefined)) return null
  return config.apiKeySid === undefined ? 'apiKeySid' : 'apiKeySecret'
}

/** What calls are made with: the key where there is one, else the account itself. */
export function credentialsOf(config: TwilioAccount): { readonly username: string; readonly password: string } {
  const { accountSid, authToken, apiKeySid, apiKeySecret } = config
  return apiKeySid !== undefined && apiKeySecret !== undefined
    ? { username: apiKeySid, password: apiKeySecret }
    : { username: accountSid, password: authToken }
}
