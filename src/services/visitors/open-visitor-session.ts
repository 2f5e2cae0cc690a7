import type { VisitorRow } from '../../../db/queries/visitors.ts'
import type { VisitorSession } from '../../wire/visitor.ts'
import type { VisitorProfile } from '../../wire/visitor-profile.ts'
import type { ServiceContext } from '../context.ts'
import { type ChatInbox, knownVisitor } from './chat-inbox.ts'
import { chatService } from './chat-service.ts'
import { transcriptAddress } from './send-transcript.ts'
import { newVisitorId, signVisitorToken } from './visitor-token.ts'

const dayMs = 86_400_000

/**
 * Gives a browser its identity: a fresh token for the one it proves to have, or a new visitor. Each call starts the token's
 * life anew, so a browser that comes back in time is never forgotten. Nothing is stored until the visitor writes.
 */
export async function openVisitorSession(ctx: ServiceContext, chat: ChatInbox, token: string | undefined): Promise<VisitorSession> {
  const known = token === undefined ? null : await knownVisitor(ctx, chat, token)
  return sessionOf(ctx, chat, known?.visitorId ?? newVisitorId(), known)
}

/** A session of a visitor, with a token that begins now. */
export async function sessionOf(
  ctx: ServiceContext,
  chat: ChatInbox,
  visitorId: string,
  record: (Pick<VisitorRow, 'externalId'> & { readonly profile: VisitorProfile; readonly validFrom?: number }) | null,
): Promise<VisitorSession> {
  const { inbox, config, key } = chat
  const issuedAt = Math.max(ctx.clock.now(), record?.validFrom ?? 0)
  const expiresAt = issuedAt + config.retentionDays * dayMs
  const profile = record?.profile ?? {}
  return {
    token: signVisitorToken(key, { inboxId: inbox.id, visitorId, issuedAt, expiresAt }),
    visitorId,
    expiresAt,
    identified: record !== null && record.externalId !== null,
    knownName: profile.name ?? null,
    transcriptTo: transcriptAddress({ config, profile }),
    service: await chatService(ctx, chat),
    inbox: {
      id: inbox.id,
      name: inbox.name,
      locale: inbox.locale,
      greeting: config.greeting,
      color: config.color,
      maxFileBytes: config.maxFileBytes,
      identity: config.identity,
      preChat: config.preChat,
      consent: config.consent,
      pageAddress: config.pageAddress,
    },
  }
}
