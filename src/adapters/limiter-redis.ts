import type { Redis } from 'ioredis'
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { Log } from '../lib/log.ts'
import type { Limiter, Limiters, LimitRule, LimitVerdict } from '../ports/limiter.ts'
import { within } from './redis-connection.ts'

/** How long Redis may take before this node counts alone, milliseconds. */
const timeoutMs = 1_000

/** What the limiters need. */
export interface RedisLimitersOptions {
  /** Stays the caller's: it is not closed here. */
  readonly redis: Redis
  readonly log: Log
  /** Counts while Redis cannot be reached. */
  readonly fallback: Limiters
  /** First part of all keys; 'onequeue' when left out. */
  readonly prefix?: string
}

/** Limiters whose counts all nodes on one Redis share. While Redis is away each node counts alone. */
export function createRedisLimiters(options: RedisLimitersOptions): Limiters {
  return { limiter: (rule) => redisLimiter(rule, options) }
}

function redisLimiter(rule: LimitRule, { redis, log, fallback, prefix = 'onequeue' }: RedisLimitersOptions): Limiter {
  const alone = fallback.limiter(rule)
  const shared = new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: `${prefix}:limit:${rule.name}`,
    points: rule.points,
    duration: rule.windowSeconds,
    rejectIfRedisNotReady: true,
  })
  const consume = async (key: string, points = 1): Promise<LimitVerdict> => {
    try {
      return verdict(true, await within(shared.consume(key, points), timeoutMs, 'Redis did not count in time.'))
    } catch (rejection) {
      if (rejection instanceof RateLimiterRes) return verdict(false, rejection)
      log.warn({ err: rejection, rule: rule.name }, 'The shared limiter is away; this node counts alone.')
      return alone.consume(key, points)
    }
  }
  const reset = async (key: string): Promise<void> => {
    await alone.reset(key)
    const forgotten = within(shared.delete(key), timeoutMs, 'Redis did not forget in time.')
    await forgotten.catch((err: unknown) => log.warn({ err, rule: rule.name }, 'A limit was not reset.'))
  }
  return { consume, reset }
}

function verdict(allowed: boolean, result: RateLimiterRes): LimitVerdict {
  return { allowed, remaining: result.remainingPoints, retryAfterMs: Math.max(0, Math.ceil(result.msBeforeNext)) }
}
