import { parseCookie } from 'cookie'
import { apiTokenByHash, touchApiToken } from '../../../db/queries/api-tokens.ts'
import { type SessionRow, sessionByTokenHash, touchSessionRow } from '../../../db/queries/sessions.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { hashToken } from '../../lib/secrets.ts'
import type { ServiceContext } from '../context.ts'
import { loadViewer } from './load-viewer.ts'

/** Name of the cookie that carries a console's session. */
export const sessionCookie = 'onequeue_session'
/** A session unused for this long has ended, milliseconds. */
export const sessionIdleMs = 12 * 3_600_000
/** No session lives longer, milliseconds. */
export const sessionMaxMs = 14 * 86_400_000
/** How often use is written down at most, milliseconds. */
const touchEveryMs = 60_000

/** The headers that prove who asks; of a request or of a socket's handshake. */
export interface Credentials {
  readonly cookie?: string | undefined
  readonly authorization?: string | undefined
}

/** Who asks, and by what proof. */
export interface Auth {
  readonly viewer: Viewer
  readonly by:
    | { readonly type: 'session'; readonly id: string; readonly csrfToken: string }
    | { readonly type: 'token'; readonly id: string }
}

/**
 * Who is behind these headers: a bearer of an API token, or a console with a session; null for
 * nobody. A bearer token wins over a cookie.
 * @throws AppError 'unauthenticated' when an `Authorization` header is there and not good: a program
 *   must learn that, while a browser's dead cookie only means that nobody is logged in.
 */
export async function authenticate(ctx: ServiceContext, { cookie, authorization }: Credentials): Promise<Auth | null> {
  if (authorization !== undefined) return byToken(ctx, authorization)
  const token = cookie === undefined ? undefined : parseCookie(cookie)[sessionCookie]
  return token === undefined || token.length > 100 ? null : bySession(ctx, token)
}

async function byToken(ctx: ServiceContext, authorization: string): Promise<Auth> {
  const token = /^Bearer +([\w.~+/=-]{16,200})$/i.exec(authorization)?.[1]
  const now = ctx.clock.now()
  const [row] = token === undefined ? [] : await apiTokenByHash(ctx.store, { tokenHash: hashToken(token) })
  if (row === undefined || (row.expiresAt !== null && row.expiresAt <= now)) throw badToken()
  const viewer = await loadViewer(ctx, row.agentId, row.permissions)
  if (viewer === null) throw badToken()
  if (now - (row.lastUsedAt ?? 0) >= touchEveryMs) await note(ctx, touchApiToken(ctx.store, { id: row.id, now }))
  return { viewer, by: { type: 'token', id: row.id } }
}

function badToken(): AppError {
  return new AppError('unauthenticated', 'The API token is wrong, expired or revoked.', { code: 'bad_token' })
}

async function bySession(ctx: ServiceContext, token: string): Promise<Auth | null> {
  const [row] = await sessionByTokenHash(ctx.store, { tokenHash: hashToken(token) })
  const now = ctx.clock.now()
  if (row === undefined || hasEnded(row, now)) return null
  const viewer = await loadViewer(ctx, row.agentId)
  if (viewer === null) return null
  if (now - row.lastSeenAt >= touchEveryMs) await note(ctx, touchSessionRow(ctx.store, { id: row.id, now }))
  return { viewer, by: { type: 'session', id: row.id, csrfToken: row.csrfToken } }
}

function hasEnded(row: SessionRow, now: number): boolean {
  return row.expiresAt <= now || now - row.lastSeenAt >= sessionIdleMs
}

/** Waits for a note of use; a database that takes no writes must not lock people out of reading. */
async function note(ctx: ServiceContext, written: Promise<unknown>): Promise<void> {
  await written.catch((error: unknown) => ctx.log.warn({ err: error }, 'The use of a log-in was not noted.'))
}

/** Notes that a session is in use by its socket, which makes no requests. */
export async function touchSession(ctx: ServiceContext, sessionId: string): Promise<void> {
  await touchSessionRow(ctx.store, { id: sessionId, now: ctx.clock.now() })
}
