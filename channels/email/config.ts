import { domainToASCII } from 'node:url'
import { z } from 'zod'

/** The largest mail that is taken in whole, bytes; larger ones bring their head and text. */
export const defaultMaxMailBytes = 35 * 1024 * 1024

const address = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .overwrite((text) => {
    const at = text.lastIndexOf('@')
    return at < 1 ? text : `${text.slice(0, at)}@${domainToASCII(text.slice(at + 1))}`
  })
  .regex(z.regexes.email, 'must be a mail address, such as support@example.com')
const host = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9]([a-z0-9.:-]{0,251}[a-z0-9])?$/, 'must be a host name, such as imap.example.com')
const port = z.number().int().min(1).max(65_535)
const security = z.enum(['tls', 'starttls', 'none'])
const user = z
  .string()
  .trim()
  .min(1)
  .max(320)
  .regex(/^[^\p{Cc}]+$/u, 'must not hold control characters')
const secret = z.string().min(1).max(4_000)
const folder = z
  .string()
  .trim()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}]+$/u, 'must not hold control characters')
const line = z
  .string()
  .trim()
  .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'must be one line')

/**
 * Settings of one mailbox. Flat, so that a form can show them; unknown keys are refused. Incoming mail is read over IMAP
 * (`receive: 'imap'`), taken by the hub's own SMTP listener (`'smtp'`), or not at all.
 */
export const emailConfigSchema = z
  .strictObject({
    /** What customers write to; the author of what is sent. */
    address,
    /** Other addresses that lead here, such as former ones. */
    aliases: z.array(address).max(100).default([]),
    displayName: line.max(100).default(''),
    /** Below every answer, HTML. */
    signature: z.string().max(20_000).default(''),
    receive: z.enum(['imap', 'smtp', 'none']).default('imap'),

    /** `oauth2` logs in to IMAP and SMTP with an access token (XOAUTH2), `password` also with app passwords. */
    auth: z.enum(['password', 'oauth2']).default('password'),
    /** Log-in name; `address` when left out. */
    user: user.optional(),
    password: secret.optional(),
    oauthTokenUrl: z.url({ protocol: /^https?$/ }).optional(),
    oauthClientId: z.string().trim().min(1).max(500).optional(),
    oauthClientSecret: secret.optional(),
    oauthRefreshToken: secret.optional(),
    oauthScope: z.string().trim().max(1_000).optional(),

    imapHost: host.optional(),
    imapPort: port.default(993),
    imapSecurity: security.default('tls'),
    folder: folder.default('INBOX'),
    /** The spam folder to read as well; its mail is marked as such. */
    spamFolder: folder.optional(),
    /** Of the mail that is there at the first connection, how many days of it are taken in; 0 for none. */
    firstImportDays: z.number().int().min(0).max(36_500).default(3),
    /** Mark what was taken in as read in the mailbox. */
    markSeen: z.boolean().default(false),
    /** How often a server without IDLE is asked, seconds. */
    pollSeconds: z.number().int().min(5).max(3_600).default(30),
    maxMailBytes: z
      .number()
      .int()
      .min(100_000)
      .max(150 * 1024 * 1024)
      .default(defaultMaxMailBytes),
    /** The name by which the receiving server signs its Authentication-Results (RFC 8601); empty to believe none. */
    authServId: line.max(253).default(''),
    /** Whether newsletters, lists and answering machines wait in the queue like a person's mail. */
    queueAutomaticMail: z.boolean().default(false),

    smtpHost: host.optional(),
    smtpPort: port.default(587),
    smtpSecurity: security.default('starttls'),
    /** Log-in at the SMTP server where it differs from that of IMAP. */
    smtpUser: user.optional(),
    smtpPassword: secret.optional(),
    /** Answers carry a Reply-To of their own conversation, `support+…@example.com`; needs a server that delivers these. */
    plusAddress: z.boolean().default(true),
    /** Where copies of what is sent go; found by its special use when left out. */
    sentFolder: folder.optional(),
    /** `false` where the provider keeps a copy by itself, as Gmail and Outlook do. */
    copyToSent: z.boolean().default(true),
    sendsPerMinute: z.number().int().min(1).max(10_000).default(60),
    /** How long a sent mail can still be taken back, seconds. */
    undoSendSeconds: z.number().int().min(0).max(120).default(10),
    dkimDomain: host.optional(),
    dkimSelector: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9._-]{1,63}$/)
      .optional(),
    /** PEM. */
    dkimPrivateKey: secret.optional(),
  })
  .superRefine((config, context) => {
    const missing = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (config.receive === 'imap' && config.imapHost === undefined) missing('imapHost', 'is needed to receive over IMAP')
    if (config.auth === 'oauth2') {
      if (config.oauthTokenUrl === undefined) missing('oauthTokenUrl', 'is needed for OAuth 2')
      if (config.oauthClientId === undefined) missing('oauthClientId', 'is needed for OAuth 2')
    }
  })

/** The settings with their defaults filled in. */
export type EmailConfig = z.infer<typeof emailConfigSchema>

/** Settings kept sealed and never shown. */
export const emailSecretKeys = ['password', 'oauthClientSecret', 'oauthRefreshToken', 'smtpPassword', 'dkimPrivateKey'] as const

/** The log-in name of the mailbox. */
export function userOf(config: Pick<EmailConfig, 'user' | 'address'>): string {
  return config.user ?? config.address
}

/** All addresses that are this inbox's own, the main one first. */
export function ownAddresses(config: Pick<EmailConfig, 'address' | 'aliases'>): readonly string[] {
  return [config.address, ...config.aliases]
}
