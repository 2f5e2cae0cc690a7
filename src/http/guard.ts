import type { Request } from 'express'
import type { Config } from '../config.ts'
import { holds } from '../core/access/authorize.ts'
import { AppError } from '../lib/errors.ts'
import { equalInConstantTime } from '../lib/secrets.ts'
import type { Auth } from '../services/access/authenticate.ts'
import type { Demand } from './route.ts'

/** Header that carries the session's CSRF token on writes. */
export const csrfHeader = 'x-csrf-token'

/**
 * Refuses who does not hold what a route demands.
 * @throws AppError 'unauthenticated' for nobody, 'forbidden' for somebody without the permission.
 */
export function demand(auth: Auth | null, permission: Demand): void {
  if (permission === 'public') return
  if (auth === null) throw new AppError('unauthenticated', 'Log in first.')
  if (!holds(auth.viewer, permission)) throw new AppError('forbidden', 'Your role does not allow this.', { permission })
}

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses writes that another site made a browser send: by `Sec-Fetch-Site` and `Origin`, and, where
 * a cookie proves who asks, by the session's own token. Bearers of API tokens are no browsers.
 * @throws AppError 'forbidden' with code `cross_site` or `csrf`.
 */
export function refuseForgery(config: Config, req: Request, auth: Auth | null): void {
  if (safeMethods.has(req.method) || auth?.by.type === 'token') return
  refuseForeignSite(config, req)
  if (auth?.by.type !== 'session') return
  const given = req.get(csrfHeader)
  if (given !== undefined && equalInConstantTime(given, auth.by.csrfToken)) return
  throw new AppError('forbidden', 'The write carries no valid X-CSRF-Token; load the page again.', { code: 'csrf' })
}

function refuseForeignSite(config: Config, req: Request): void {
  const site = req.get('sec-fetch-site')
  const origin = req.get('origin')
  const foreign =
    (site !== undefined && site !== 'same-origin' && site !== 'none') ||
    (origin !== undefined && !isOwnOrigin(config, origin, req.get('host')))
  if (foreign) throw new AppError('forbidden', 'The write comes from another site.', { code: 'cross_site' })
}

/**
 * Whether a browser's `Origin` is ours: that of `PUBLIC_URL`, or the very host that was asked for (a
 * console opened by another name of the machine). Another site can set neither.
 */
export function isOwnOrigin(config: Config, origin: string, host: string | undefined): boolean {
  if (!URL.canParse(origin)) return false
  const url = new URL(origin)
  return url.origin === new URL(config.publicUrl).origin || (host !== undefined && url.host === host.toLowerCase())
}
