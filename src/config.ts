import { z } from 'zod'

/** The secret a demo starts with; production refuses it. */
export const demoSecretKey = 'onequeue-demo-secret-key-not-for-production'

const flag = z.enum(['0', '1', 'true', 'false', '']).transform((v) => v === '1' || v === 'true')

const envSchema = z.object({
  NODE_ENV: z.string().default('development'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HOST: z.string().default('0.0.0.0'),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  DATABASE_URL: z
    .string()
    .regex(/^(file:|postgres(ql)?:\/\/)/, 'must start with file: or postgres://')
    .optional(),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'must start with redis://')
    .optional(),
  DATA_DIR: z.string().min(1).default('./data'),
  SECRET_KEY: z.string().min(32, 'must have at least 32 characters').default(demoSecretKey),
  TRUST_PROXY: z.string().default(''),
  DEMO: flag.optional(),
  ADMIN_EMAIL: z.email().optional(),
  ADMIN_PASSWORD: z.string().min(10, 'must have at least 10 characters').optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  ROLE: z.string().default('all'),
  SCAN_COMMAND: z.string().optional(),
  SCAN_URL: z.url({ protocol: /^https?$/ }).optional(),
  PRIVATE_HOSTS: z.string().default(''),
  MAIL_URL: z
    .string()
    .regex(/^(smtps?:\/\/[^\s]+|memory:)$/, 'must start with smtp:// or smtps://, or be memory:')
    .optional(),
  MAIL_FROM: z
    .string()
    .regex(/^[^\p{Cc}]{3,320}$/u, 'must be an address, or a name with an address in angle brackets')
    .optional(),
  SMTP_IN_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  SMTP_IN_HOST: z.string().default('0.0.0.0'),
  SMTP_IN_NAME: z.string().max(253).optional(),
  SMTP_IN_TLS_CERT: z.string().optional(),
  SMTP_IN_TLS_KEY: z.string().optional(),
})

/** What part of the work a node does. */
export type NodeRole = 'web' | 'worker' | 'router'

/** The hub's settings, frozen. */
export interface Config {
  readonly production: boolean
  readonly port: number
  readonly host: string
  /** Origin under which customers and providers reach us, without a trailing slash. */
  readonly publicUrl: string
  readonly databaseUrl: string
  readonly redisUrl: string | null
  readonly dataDir: string
  readonly secretKey: string
  /** Express's `trust proxy`: false, a hop count, or a list of addresses. */
  readonly trustProxy: false | number | string
  readonly demo: boolean
  readonly admin: { readonly email: string; readonly password: string | null } | null
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
  readonly metricsPort: number | null
  readonly roles: ReadonlySet<NodeRole>
  /** What judges files before anybody may open them: a program, or a service; null for none. */
  readonly scan: { readonly command: string } | { readonly url: string } | null
  /** `host:port` of mail servers on private networks that inboxes may connect to. */
  readonly privateHosts: readonly string[]
  /** Server and author of the product's own mail; null where its mailboxes send it. */
  readonly mail: { readonly url: string; readonly from: string } | null
  /** The listener that takes mail by SMTP; null for none. `tls` names PEM files, null offers no STARTTLS. */
  readonly smtpIn: {
    readonly port: number
    readonly host: string
    readonly name: string
    readonly tls: { readonly certFile: string; readonly keyFile: string } | null
  } | null
}

/** A setting that cannot be used; the message is a sentence per setting. */
export class ConfigError extends Error {
  constructor(sentences: readonly string[]) {
    super(sentences.join('\n'))
    this.name = 'ConfigError'
  }
}

function parseRoles(text: string): ReadonlySet<NodeRole> {
  const names = text.split(',').map((name) => name.trim())
  if (names.includes('all')) return new Set<NodeRole>(['web', 'worker', 'router'])
  const roles = new Set<NodeRole>()
  for (const name of names) {
    if (name !== 'web' && name !== 'worker' && name !== 'router') {
      throw new ConfigError([`ROLE names "${name}"; it takes all, or a comma list of web, worker and router.`])
    }
    roles.add(name)
  }
  return roles
}

function parseTrustProxy(text: string): Config['trustProxy'] {
  if (text === '' || text === '0' || text === 'false') return false
  return /^\d+$/.test(text) ? Number(text) : text
}

function parsePrivateHosts(text: string): readonly string[] {
  const hosts = text
    .split(',')
    .map((host) => host.trim().toLowerCase())
    .filter((host) => host !== '')
  const bad = hosts.find((host) => !/^\S+:\d{1,5}$/.test(host))
  if (bad !== undefined) throw new ConfigError([`PRIVATE_HOSTS names "${bad}"; it takes a comma list of host:port.`])
  return hosts
}

function smtpInOf(e: z.infer<typeof envSchema>): Config['smtpIn'] {
  if (e.SMTP_IN_PORT === undefined) return null
  const { SMTP_IN_TLS_CERT: certFile, SMTP_IN_TLS_KEY: keyFile } = e
  const name = e.SMTP_IN_NAME ?? new URL(e.PUBLIC_URL ?? 'http://localhost').hostname
  return {
    port: e.SMTP_IN_PORT,
    host: e.SMTP_IN_HOST,
    name,
    tls: certFile === undefined || keyFile === undefined ? null : { certFile, keyFile },
  }
}

/**
 * Reads the environment into a frozen `Config`. Empty values count as not set.
 * @throws ConfigError naming each setting that is wrong, and in production each secret that is missing or the demo's.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = envSchema.safeParse(given)
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`))
  }
  const e = parsed.data
  const production = e.NODE_ENV === 'production'
  const missing: string[] = []
  if (production && e.SECRET_KEY === demoSecretKey) {
    missing.push('SECRET_KEY is missing or the demo key; set it to at least 32 random characters (openssl rand -base64 32).')
  }
  if (production && e.PUBLIC_URL === undefined) {
    missing.push('PUBLIC_URL is missing; set it to the https address customers and providers reach this hub at.')
  }
  if (e.SCAN_COMMAND !== undefined && e.SCAN_URL !== undefined) missing.push('SCAN_COMMAND and SCAN_URL exclude each other; set one.')
  if (e.ADMIN_PASSWORD !== undefined && e.ADMIN_EMAIL === undefined) missing.push('ADMIN_PASSWORD is set without ADMIN_EMAIL.')
  if ((e.SMTP_IN_TLS_CERT === undefined) !== (e.SMTP_IN_TLS_KEY === undefined)) {
    missing.push('SMTP_IN_TLS_CERT and SMTP_IN_TLS_KEY belong together; set both or none.')
  }
  if (missing.length > 0) throw new ConfigError(missing)
  return Object.freeze({
    production,
    port: e.PORT,
    host: e.HOST,
    publicUrl: (e.PUBLIC_URL ?? `http://localhost:${e.PORT}`).replace(/\/+$/, ''),
    databaseUrl: e.DATABASE_URL ?? `file:${e.DATA_DIR}/onequeue.db`,
    redisUrl: e.REDIS_URL ?? null,
    dataDir: e.DATA_DIR,
    secretKey: e.SECRET_KEY,
    trustProxy: parseTrustProxy(e.TRUST_PROXY),
    demo: e.DEMO ?? !production,
    admin: e.ADMIN_EMAIL === undefined ? null : { email: e.ADMIN_EMAIL.toLowerCase(), password: e.ADMIN_PASSWORD ?? null },
    logLevel: e.LOG_LEVEL,
    metricsPort: e.METRICS_PORT ?? null,
    roles: parseRoles(e.ROLE),
    scan: e.SCAN_COMMAND !== undefined ? { command: e.SCAN_COMMAND } : e.SCAN_URL !== undefined ? { url: e.SCAN_URL } : null,
    privateHosts: parsePrivateHosts(e.PRIVATE_HOSTS),
    mail:
      e.MAIL_URL === undefined
        ? null
        : { url: e.MAIL_URL, from: e.MAIL_FROM ?? `onequeue@${new URL(e.PUBLIC_URL ?? 'http://localhost').hostname}` },
    smtpIn: smtpInOf(e),
  })
}

/** The settings as they may be printed: secrets and passwords in URLs are masked. */
export function describeConfig(config: Config): Record<string, unknown> {
  const maskUrl = (url: string | null) => url?.replace(/\/\/([^:@/]*):([^@/]*)@/, '//$1:•••@') ?? null
  return {
    ...config,
    roles: [...config.roles],
    secretKey: config.secretKey === demoSecretKey ? 'demo key' : '•••',
    databaseUrl: maskUrl(config.databaseUrl),
    redisUrl: maskUrl(config.redisUrl),
    mail: config.mail === null ? null : { ...config.mail, url: maskUrl(config.mail.url) },
    admin: config.admin === null ? null : { email: config.admin.email, password: config.admin.password === null ? null : '•••' },
  }
}
