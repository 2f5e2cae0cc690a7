import { AppError } from '../../lib/errors.ts'
import { limitKeyOfIp } from '../../lib/ip-key.ts'
import type { Limiter, Limiters } from '../../ports/limiter.ts'

/** What strangers may do how often; a use beyond it is refused with the time to wait. */
export interface VisitorLimits {
  /** A browser asks for an identity or opens a socket. @throws AppError 'rate_limited'. */
  arrive(ip: string, inboxId: string): Promise<void>
  /** A visitor says something. @throws AppError 'rate_limited'. */
  speak(ip: string, inboxId: string, visitorId: string): Promise<void>
  /** A visitor uploads a file. @throws AppError 'rate_limited'. */
  upload(ip: string, visitorId: string): Promise<void>
  /** A site says who its user is. @throws AppError 'rate_limited'. */
  identify(ip: string, inboxId: string): Promise<void>
  /** A visitor asks for their transcript, or for their data to be deleted. @throws AppError 'rate_limited'. */
  ask(ip: string, visitorId: string): Promise<void>
  /** A visitor fetches a file. @throws AppError 'rate_limited'. */
  fetch(ip: string, visitorId: string): Promise<void>
}

/** Makes the limits; nodes that share the counter share them. */
export function createVisitorLimits(limiters: Limiters): VisitorLimits {
  const rule = (name: string, points: number, windowSeconds: number) => limiters.limiter({ name: `visitor-${name}`, points, windowSeconds })
  const arrivals = rule('arrive-ip', 120, 60)
  const inboxArrivals = rule('arrive-inbox', 6_000, 60)
  const messagesOfVisitor = rule('speak', 30, 30)
  const messagesOfIp = rule('speak-ip', 240, 60)
  const messagesOfInbox = rule('speak-inbox', 12_000, 60)
  const uploadsOfVisitor = rule('upload', 30, 600)
  const uploadsOfIp = rule('upload-ip', 150, 600)
  const proofsOfIp = rule('identify-ip', 60, 60)
  const proofsOfInbox = rule('identify-inbox', 6_000, 60)
  const wishesOfVisitor = rule('ask', 3, 3_600)
  const wishesOfIp = rule('ask-ip', 20, 3_600)
  const fetchesOfVisitor = rule('fetch', 240, 60)
  const fetchesOfIp = rule('fetch-ip', 1_200, 60)
  return {
    arrive: (ip, inboxId) => take([arrivals, limitKeyOfIp(ip)], [inboxArrivals, inboxId]),
    speak: (ip, inboxId, visitorId) => take([messagesOfVisitor, visitorId], [messagesOfIp, limitKeyOfIp(ip)], [messagesOfInbox, inboxId]),
    upload: (ip, visitorId) => take([uploadsOfVisitor, visitorId], [uploadsOfIp, limitKeyOfIp(ip)]),
    identify: (ip, inboxId) => take([proofsOfIp, limitKeyOfIp(ip)], [proofsOfInbox, inboxId]),
    ask: (ip, visitorId) => take([wishesOfVisitor, visitorId], [wishesOfIp, limitKeyOfIp(ip)]),
    fetch: (ip, visitorId) => take([fetchesOfVisitor, visitorId], [fetchesOfIp, limitKeyOfIp(ip)]),
  }
}

async function take(...uses: readonly [Limiter, string][]): Promise<void> {
  for (const [limiter, key] of uses) {
    const { allowed, retryAfterMs } = await limiter.consume(key)
    if (!allowed) throw new AppError('rate_limited', 'That was too much at once; wait a moment.', { retryAfterMs })
  }
}
