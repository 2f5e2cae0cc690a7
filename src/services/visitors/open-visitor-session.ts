import type { VisitorSession } from '../../wire/visitor.ts'
import type { ServiceContext } from '../context.ts'
import { type ChatInbox, visitorOf } from './chat-inbox.ts'
import { newVisitorId, signVisitorToken } from './visitor-token.ts'

const dayMs = 86_400_000

/**
 * Gives a browser its identity: a fresh token for the one it proves to have, or a new visitor. Each call starts the token's
 * life anew, so a browser that comes back in time is never forgotten. Nothing is stored until the visitor writes.
 */
export function openVisitorSession(ctx: ServiceContext, chat: ChatInbox, token: string | undefined): VisitorSession {
  const { inbox, config, key } = chat
  const known = token === undefined ? null : visitorOf(ctx, chat, token)
  const visitorId = known?.visitorId ?? newVisitorId()
  const issuedAt = ctx.clock.now()
  const expiresAt = issuedAt + config.retentionDays * dayMs
  return {
    token: signVisitorToken(key, { inboxId: inbox.id, visitorId, issuedAt, expiresAt }),
    visitorId,
    expiresAt,
    inbox: {
      id: inbox.id,
      name: inbox.name,
      locale: inbox.locale,
      greeting: config.greeting,
      color: config.color,
      maxFileBytes: config.maxFileBytes,
    },
  }
}
