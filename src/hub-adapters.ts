import { createLocalBroadcast } from './adapters/broadcast-local.ts'
import { createMemoryJobQueue } from './adapters/job-queue-memory.ts'
import { createMemoryLimiters } from './adapters/limiter-memory.ts'
import type { Config } from './config.ts'
import type { Log } from './lib/log.ts'
import type { Broadcast } from './ports/broadcast.ts'
import type { Clock } from './ports/clock.ts'
import type { FileScanner } from './ports/file-scanner.ts'
import type { JobQueue } from './ports/job-queue.ts'
import type { Limiters } from './ports/limiter.ts'
import type { MailTransport } from './ports/mail.ts'

/** Bull on Redis where there is one, timers of this process otherwise. Loads Bull only when it is used. */
export async function openJobQueue(config: Config, clock: Clock, log: Log): Promise<JobQueue> {
  if (config.redisUrl === null) return createMemoryJobQueue(clock)
  const { createBullJobQueue } = await import('./adapters/job-queue-bull.ts')
  return createBullJobQueue({ redisUrl: config.redisUrl, clock, log })
}

/** Redis where there is one, else the notifications of PostgreSQL, else this process alone. */
export async function openBroadcast(config: Config, clock: Clock, log: Log): Promise<Broadcast> {
  if (config.redisUrl !== null) {
    const { openRedisBroadcast } = await import('./adapters/broadcast-redis.ts')
    return openRedisBroadcast({ redisUrl: config.redisUrl, log })
  }
  if (!config.databaseUrl.startsWith('file:')) {
    const { openPostgresBroadcast } = await import('./adapters/broadcast-postgres.ts')
    return openPostgresBroadcast({ databaseUrl: config.databaseUrl, clock, log })
  }
  return createLocalBroadcast(log)
}

/** Counts shared over Redis where there is one. */
export async function openLimiters(config: Config, clock: Clock, log: Log): Promise<{ limiters: Limiters; close(): void }> {
  const alone = createMemoryLimiters(clock)
  if (config.redisUrl === null) return { limiters: alone, close: () => undefined }
  const { openRedis } = await import('./adapters/redis-connection.ts')
  const { createRedisLimiters } = await import('./adapters/limiter-redis.ts')
  const redis = openRedis(config.redisUrl, log)
  return { limiters: createRedisLimiters({ redis, log, fallback: alone }), close: () => redis.disconnect() }
}

/** The scanner that the settings name. Its address may be a private one: an administrator wrote it. */
export async function openScanner({ scan }: Config, send: typeof globalThis.fetch): Promise<FileScanner | undefined> {
  if (scan === null) return undefined
  if ('command' in scan) return (await import('./adapters/scanner-command.ts')).createCommandScanner(scan.command)
  return (await import('./adapters/scanner-http.ts')).createHttpScanner(scan.url, send)
}

/** The way for the product's own mail that the settings name; null for none. Loads nodemailer only when it is used. */
export async function openMail({ mail }: Config): Promise<MailTransport | null> {
  if (mail === null) return null
  if (mail.url === 'memory:') {
    const { createMemoryMail } = await import('./adapters/mail-memory.ts')
    return createMemoryMail()
  }
  const { createSmtpMail } = await import('./adapters/mail-smtp.ts')
  return createSmtpMail(mail)
}
