import { z } from 'zod'
import { hasHalfKey, twilioAccountShape, twilioSecretKeys } from '../twilio/account.ts'

/** A number in E.164, a short code, a name of up to eleven letters, or one of them on WhatsApp. */
const sender = z
  .string()
  .trim()
  .regex(
    /^(?:whatsapp:\+[1-9]\d{6,14}|\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 +_&-]{1,11})$/,
    'must be a number such as +15005550006, a short code, or a name of up to 11 letters',
  )

const settings = z.strictObject({
  ...twilioAccountShape,
  /** What messages leave from: our number, short code or name. */
  from: sender.optional(),
  /** A pool of numbers that sends in place of `from`. */
  messagingServiceSid: z
    .string()
    .trim()
    .regex(/^MG[0-9a-f]{32}$/, 'must be MG and 32 hexadecimal digits')
    .optional(),
  /**
   * How files leave. `auto`: as MMS between numbers of North America, where carriers have it, and as a link elsewhere;
   * `mms` and `link` always so. On WhatsApp a file is always a file.
   */
  files: z.enum(['auto', 'mms', 'link']).default('auto'),
  /** Whether a message that is one of the carriers' words for it (STOP, START …) is an opt-out or opt-in. */
  optOutWords: z.boolean().default(true),
  /** Most messages a minute; more wait. */
  maxPerMinute: z.number().int().min(1).max(6_000).default(300),
})

/**
 * Settings of one number or messaging service of a Twilio account. Unknown keys are refused.
 */
export const smsConfigSchema = settings.superRefine((config, ctx) => {
  const issue = (path: string, message: string): void => ctx.addIssue({ code: 'custom', path: [path], message })
  if (config.from === undefined && config.messagingServiceSid === undefined) issue('from', 'is needed where there is no messaging service')
  const half = hasHalfKey(config)
  if (half !== null) issue(half, 'is needed with the other half of the API key')
})

/** The settings with their defaults filled in. */
export type SmsConfig = z.infer<typeof smsConfigSchema>

/** Settings kept sealed and never shown. */
export const smsSecretKeys = twilioSecretKeys
