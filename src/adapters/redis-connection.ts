import { Redis } from 'ioredis'
import { AppError } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'

/** Longest pause between two attempts to connect, milliseconds. */
const maxReconnectMs = 2_000

/**
 * Opens a connection that reconnects for ever and logs each loss once. The options are those that Bull
 * demands of blocking and subscribing clients, so one kind of connection serves everything.
 */
export function openRedis(url: string, log: Log): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    enableReadyCheck: false,
    connectionName: 'onequeue',
    connectTimeout: 5_000,
    retryStrategy: (attempt) => Math.min(attempt * 100, maxReconnectMs),
  })
  let lost = false
  redis.on('ready', () => {
    if (lost) log.info('Redis is back.')
    lost = false
  })
  redis.on('error', (err) => {
    if (!lost) log.warn({ err }, 'Redis is away.')
    lost = true
  })
  return redis
}

/**
 * Resolves once the connection answers.
 * @throws AppError 'unavailable' after `timeoutMs`.
 */
export async function redisReady(redis: Redis, timeoutMs: number): Promise<void> {
  await within(redis.ping(), timeoutMs, `Redis did not answer within ${timeoutMs} ms; check REDIS_URL.`)
}

/**
 * Gives `work` so much time; its outcome after that is ignored.
 * @throws AppError 'unavailable' with `sentence` when the time is over.
 */
export async function within<T>(work: Promise<T>, timeoutMs: number, sentence: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('unavailable', sentence)), timeoutMs)
  })
  try {
    return await Promise.race([work, timeout])
  } finally {
    clearTimeout(timer)
  }
}
