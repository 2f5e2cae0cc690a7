import { stringifySetCookie } from 'cookie'
import type { Response } from 'express'
import type { Config } from '../config.ts'
import { sessionCookie, sessionMaxMs } from '../services/access/authenticate.ts'

/**
 * Hands the browser its session, or takes it away (`null`). Lax, so that a link from a mail opens the
 * console logged in; writes are guarded by their own token besides.
 */
export function setSessionCookie(config: Config, res: Response, token: string | null): void {
  const secure = config.publicUrl.startsWith('https:')
  const life = token === null ? { maxAge: 0 } : { maxAge: sessionMaxMs / 1_000 }
  res.append('Set-Cookie', stringifySetCookie(sessionCookie, token ?? '', { httpOnly: true, sameSite: 'lax', secure, path: '/', ...life }))
}
