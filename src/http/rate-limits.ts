import { AppError } from '../lib/errors.ts'
import { limitKeyOfIp } from '../lib/ip-key.ts'
import type { Limiter, Limiters } from '../ports/limiter.ts'
import type { Auth } from '../services/access/authenticate.ts'

/** Requests a minute. */
export interface HttpLimits {
  /** From one address, whoever asks: a whole centre may sit behind one. */
  readonly perAddress: number
  /** From one address without a log-in. */
  readonly perStranger: number
  /** With one session or API token. */
  readonly perLogIn: number
}

/** Far above what consoles do: they work over their socket. */
export const defaultHttpLimits: HttpLimits = { perAddress: 12_000, perStranger: 300, perLogIn: 1_800 }

/** Counts requests to the API. */
export interface RateLimits {
  /** @throws AppError 'rate_limited' with `retryAfterMs`. */
  takeFromAddress(ip: string): Promise<void>
  /** @throws AppError 'rate_limited' with `retryAfterMs`. */
  takeFromCaller(ip: string, auth: Auth | null): Promise<void>
}

/** Makes the API's limits. */
export function createRateLimits(limiters: Limiters, limits: HttpLimits): RateLimits {
  const rule = (name: string, points: number) => limiters.limiter({ name, points, windowSeconds: 60 })
  const byAddress = rule('api-address', limits.perAddress)
  const byStranger = rule('api-stranger', limits.perStranger)
  const byLogIn = rule('api-log-in', limits.perLogIn)
  return {
    takeFromAddress: (ip) => take(byAddress, limitKeyOfIp(ip)),
    takeFromCaller: (ip, auth) => (auth === null ? take(byStranger, limitKeyOfIp(ip)) : take(byLogIn, auth.by.id)),
  }
}

async function take(limiter: Limiter, key: string): Promise<void> {
  const { allowed, retryAfterMs } = await limiter.consume(key)
  if (!allowed) throw new AppError('rate_limited', 'Too many requests. Wait a little.', { retryAfterMs })
}
