import { createHash } from 'node:crypto'
import { AppError } from '../../lib/errors.ts'
import { limitKeyOfIp } from '../../lib/ip-key.ts'
import type { Limiter, Limiters } from '../../ports/limiter.ts'
import type { ServiceContext } from '../context.ts'

interface LogInLimiters {
  /** Of one address, whoever is tried; many people may sit behind one. */
  readonly byAddress: Limiter
  /** Of one account from one address, in widening windows: a few tries at once, then minutes, then an hour. */
  readonly byPair: readonly Limiter[]
  /** Of one account from everywhere. */
  readonly byAccount: Limiter
}

const made = new WeakMap<Limiters, LogInLimiters>()

function limitersOf({ limiters }: ServiceContext): LogInLimiters {
  let all = made.get(limiters)
  if (all === undefined) {
    const limiter = (name: string, points: number, windowSeconds: number) => limiters.limiter({ name, points, windowSeconds })
    all = {
      byAddress: limiter('log-in-address', 150, 300),
      byPair: [limiter('log-in-pair-minute', 5, 60), limiter('log-in-pair-quarter', 15, 900), limiter('log-in-pair-day', 60, 86_400)],
      byAccount: limiter('log-in-account', 200, 3_600),
    }
    made.set(limiters, all)
  }
  return all
}

function keysOf(ip: string, account: string): { address: string; account: string; pair: string } {
  const address = limitKeyOfIp(ip)
  // Hashed: the counters' store need not learn who logs in, and a key's length is bounded.
  const hashed = createHash('sha256').update(account.toLowerCase()).digest('base64url').slice(0, 22)
  return { address, account: hashed, pair: `${hashed}:${address}` }
}

/**
 * Counts one try to prove a password or code, before it is looked at, so that parallel tries count too.
 * @throws AppError 'rate_limited' with `retryAfterMs`.
 */
export async function takeLogInChance(ctx: ServiceContext, ip: string, account: string): Promise<void> {
  const limiters = limitersOf(ctx)
  const keys = keysOf(ip, account)
  const verdicts = await Promise.all([
    limiters.byAddress.consume(keys.address),
    limiters.byAccount.consume(keys.account),
    ...limiters.byPair.map((limiter) => limiter.consume(keys.pair)),
  ])
  const refused = verdicts.filter(({ allowed }) => !allowed)
  if (refused.length === 0) return
  const retryAfterMs = Math.max(...refused.map((verdict) => verdict.retryAfterMs))
  throw new AppError('rate_limited', 'Too many tries. Wait a little before the next one.', { code: 'too_many_tries', retryAfterMs })
}

/** Forgets an account's tries from one address after a success. */
export async function forgiveLogIn(ctx: ServiceContext, ip: string, account: string): Promise<void> {
  const limiters = limitersOf(ctx)
  const keys = keysOf(ip, account)
  await Promise.all([limiters.byAccount.reset(keys.account), ...limiters.byPair.map((limiter) => limiter.reset(keys.pair))])
}
