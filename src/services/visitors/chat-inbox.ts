import { type VisitorRow, visitorById } from '../../../db/queries/visitors.ts'
import { AppError } from '../../lib/errors.ts'
import type { VisitorProfile } from '../../wire/visitor-profile.ts'
import { type WebchatConfig, webchatConfigSchema } from '../../wire/webchat.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'
import { peekVisitorInbox, readVisitorToken, type VisitorClaims, visitorKey } from './visitor-token.ts'

/** An inbox that visitors may chat with, its settings read. */
export interface ChatInbox {
  readonly inbox: OpenInbox
  readonly config: WebchatConfig
  /** Signs and checks this inbox's visitor tokens. */
  readonly key: Buffer
}

/** Somebody at the other end of a browser, known by a checked token. */
export interface Visitor extends ChatInbox {
  readonly visitorId: string
  readonly expiresAt: number
  /** The address of who the site has proved them to be; null while they are anonymous. */
  readonly externalId: string | null
  /** What is known of them, as of the check. */
  readonly profile: VisitorProfile
}

/** @throws AppError 'not_found' when there is no such inbox, it is another channel's, or it is switched off. */
export async function openChatInbox(ctx: ServiceContext, inboxId: string): Promise<ChatInbox> {
  const inbox = await ctx.inboxes.get(inboxId)
  if (inbox.channelId !== 'webchat' || !inbox.enabled) throw new AppError('not_found', 'There is no such chat.', { inboxId })
  const config = webchatConfigSchema.parse(inbox.config)
  return { inbox, config, key: visitorKey(ctx.config.secretKey, inbox.id, config.identitySecret) }
}

/** Who holds this token of this inbox; null when it is forged, expired, or was ended by a log-out. */
export async function knownVisitor(ctx: ServiceContext, chat: ChatInbox, token: string): Promise<Visitor | null> {
  const claims = readVisitorToken(chat.key, chat.inbox.id, token, ctx.clock.now())
  if (claims === null) return null
  const [record] = await visitorById(ctx.store, { id: claims.visitorId })
  return record !== undefined && claims.issuedAt < record.validFrom ? null : visitorOf(chat, claims, record)
}

function visitorOf(chat: ChatInbox, { visitorId, expiresAt }: VisitorClaims, record: VisitorRow | undefined): Visitor {
  return { ...chat, visitorId, expiresAt, externalId: record?.externalId ?? null, profile: record?.profile ?? {} }
}

/**
 * Who holds this token.
 * @param inboxId the inbox it must be of; the one it names when left out.
 * @throws AppError 'unauthenticated' for a token that is forged, of another inbox, expired or ended; 'not_found' when the inbox is gone.
 */
export async function identifyVisitor(ctx: ServiceContext, token: string, inboxId?: string): Promise<Visitor> {
  const named = peekVisitorInbox(token)
  const refused = new AppError('unauthenticated', 'This browser is not known here any more; load the chat again.', {
    code: 'visitor_token',
  })
  if (named === null || (inboxId !== undefined && named !== inboxId)) throw refused
  const visitor = await knownVisitor(ctx, await openChatInbox(ctx, named), token)
  if (visitor === null) throw refused
  return visitor
}

/**
 * Refuses pages that may not show this chat. Browsers name the page's origin and scripts cannot change it.
 * @param origin the `Origin` header; without one the caller must have proof that it comes from our own page.
 * @param sameOrigin the browser says that the request comes from our own page (`Sec-Fetch-Site: same-origin`).
 * @throws AppError 'forbidden'.
 */
export function requireOrigin(ctx: ServiceContext, config: WebchatConfig, origin: string | undefined, sameOrigin = false): void {
  const known = origin === undefined ? sameOrigin : origin === ownOrigin(ctx) || config.allowedOrigins.includes(origin)
  if (!known)
    throw new AppError('forbidden', 'This site may not use the chat; its owner can allow it.', {
      code: 'origin',
      origin: origin?.slice(0, 300) ?? null,
    })
}

/** The origin our own pages are served from. */
export function ownOrigin(ctx: ServiceContext): string {
  return new URL(ctx.config.publicUrl).origin
}
