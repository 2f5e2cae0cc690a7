import type { ApiTokenRow } from '../../db/queries/api-tokens.ts'
import type { SessionRow } from '../../db/queries/sessions.ts'
import type { ApiToken, SessionInfo } from '../wire/access.ts'

/** An API token without its hash. */
export function presentApiToken({ id, name, hint, permissions, createdAt, lastUsedAt, expiresAt }: ApiTokenRow): ApiToken {
  return { id, name, hint, permissions, createdAt, lastUsedAt, expiresAt }
}

/** A log-in without its token. */
export function presentSession({ id, userAgent, ip, createdAt, lastSeenAt, expiresAt }: SessionRow, currentId: string | null): SessionInfo {
  return { id, current: id === currentId, userAgent, ip, createdAt, lastSeenAt, expiresAt }
}
