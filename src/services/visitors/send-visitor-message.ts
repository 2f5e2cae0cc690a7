import { inArray } from 'drizzle-orm'
import { messageByExternalId } from '../../../db/queries/messages.ts'
import { newestSeq, threadHeads } from '../../../db/queries/visitor-threads.ts'
import { visitorById } from '../../../db/queries/visitors.ts'
import { AppError } from '../../lib/errors.ts'
import type { VisitorMessage, VisitorPart, VisitorState } from '../../wire/visitor.ts'
import type { VisitorPage, VisitorProfile } from '../../wire/visitor-profile.ts'
import { type WebchatPayload, webchatPayloadId } from '../../wire/webchat.ts'
import type { ServiceContext } from '../context.ts'
import { acceptPayloads } from '../deliveries/accept-delivery.ts'
import type { Visitor } from './chat-inbox.ts'
import { checkForm, consentRequired, profileFrom } from './check-form.ts'
import { presentAll, stateOf } from './load-visitor-thread.ts'
import { shownPage } from './shown-page.ts'
import { changeVisitor } from './visitor-record.ts'

/** What a visitor says, under an id their browser made. */
export interface VisitorSend {
  readonly clientId: string
  readonly parts: readonly VisitorPart[]
  /** Language of the browser, BCP 47. */
  readonly locale?: string | undefined
  /** The page around the chat. */
  readonly page?: VisitorPage | undefined
}

/** The stored message, and where the conversation stands with it. */
export interface VisitorSent {
  readonly message: VisitorMessage
  readonly state: VisitorState
  /** The answer is at least as new as this number of the log. */
  readonly seq: number
}

/**
 * Takes a visitor's message through the delivery ledger. The same client id again is the same message: it answers with what is
 * stored and changes nothing, so a browser may repeat until it is answered.
 * @throws AppError 'invalid_input' for a file that is not this visitor's, or used already, for a form that is not filled in, and
 *   with code `form_required` or `consent_required` when one has to come first; 'forbidden' with code `identity_required`;
 *   'conflict' when the message was taken but could not be processed (it is quarantined for a person to look at);
 *   'unavailable' when nothing was stored.
 */
export async function sendVisitorMessage(ctx: ServiceContext, visitor: Visitor, send: VisitorSend): Promise<VisitorSent> {
  const externalId = webchatPayloadId({ kind: 'message', visitorId: visitor.visitorId, clientId: send.clientId })
  const stored = await storedMessage(ctx, visitor, externalId)
  if (stored !== null) return stored
  const [record] = await visitorById(ctx.store, { id: visitor.visitorId })
  const now: Visitor = { ...visitor, externalId: record?.externalId ?? null, profile: record?.profile ?? {} }
  const parts = send.parts.map((part) => (part.type === 'form' ? checkForm(now.config, part, now.profile) : part))
  await requireIntroduction(ctx, now, parts)
  await requireOwnFiles(ctx, now, parts)
  await rememberVisitor(ctx, now, parts, send)
  const payload: WebchatPayload = {
    version: 1,
    kind: 'message',
    visitorId: now.visitorId,
    clientId: send.clientId,
    at: ctx.clock.now(),
    parts,
    ...(send.locale === undefined ? {} : { locale: send.locale }),
    ...identityOf(now),
  }
  await acceptPayloads(ctx, now.inbox, [{ externalId, raw: JSON.stringify(payload) }])
  const sent = await storedMessage(ctx, now, externalId)
  if (sent === null) throw new AppError('conflict', 'This message could not be taken; write it again.', { code: 'quarantined' })
  return sent
}

/** What the inbox asks for before the first word: who the site says it is, its form, the consent. */
async function requireIntroduction(ctx: ServiceContext, visitor: Visitor, parts: readonly VisitorPart[]): Promise<void> {
  const { config, profile, externalId } = visitor
  if (config.identity === 'required' && externalId === null) {
    throw new AppError('forbidden', 'The site has to say first who you are; log in there.', { code: 'identity_required' })
  }
  if (parts.some((part) => part.type === 'form')) return
  if (config.consent !== null && profile.consent?.version !== config.consent.version) throw consentRequired()
  if (config.preChat?.fields.some(({ required }) => required) !== true) return
  const heads = await threadHeads(ctx.store, { inboxId: visitor.inbox.id, threadKey: visitor.visitorId })
  if (heads.length > 0) return
  throw new AppError('invalid_input', 'The form has to be filled in first.', { code: 'form_required' })
}

/** Keeps what the message says about its author; nothing is written when that is nothing new. */
async function rememberVisitor(ctx: ServiceContext, visitor: Visitor, parts: readonly VisitorPart[], send: VisitorSend): Promise<void> {
  const { config, profile } = visitor
  const now = ctx.clock.now()
  const changes: VisitorProfile = {}
  for (const part of parts) {
    if (part.type !== 'form') continue
    // What the site has vouched for is not replaced by what was typed.
    const { email, ...typed } = profileFrom(config, part)
    Object.assign(changes, typed, profile.emailVerified === true || email === undefined ? {} : { email, emailVerified: false })
    if (part.consent !== undefined) changes.consent = { version: part.consent, at: now }
    if (part.form === 'away') changes.answerByEmail = true
  }
  const page = shownPage(config.pageAddress, send.page)
  if (page !== null && (page.url !== profile.page?.url || page.title !== profile.page.title)) changes.page = page
  if (send.locale !== undefined && send.locale !== profile.locale) changes.locale = send.locale
  if (Object.keys(changes).every((key) => key === 'locale')) return
  await ctx.store.tx((tx) => changeVisitor(tx, { visitorId: visitor.visitorId, inboxId: visitor.inbox.id }, { profile: changes }, now))
}

function identityOf({ externalId, profile }: Visitor): Pick<Extract<WebchatPayload, { kind: 'message' }>, 'identity'> {
  if (externalId === null) return {}
  const { name, email, emailVerified } = profile
  return {
    identity: {
      externalId,
      ...(name === undefined ? {} : { name }),
      ...(email === undefined || emailVerified !== true ? {} : { email }),
    },
  }
}

async function storedMessage(ctx: ServiceContext, visitor: Visitor, externalId: string): Promise<VisitorSent | null> {
  const [newest] = await newestSeq(ctx.store, {})
  const [row] = await messageByExternalId(ctx.store, { inboxId: visitor.inbox.id, externalId })
  if (row === undefined) return null
  const heads = await threadHeads(ctx.store, { inboxId: visitor.inbox.id, threadKey: visitor.visitorId })
  const [message] = await presentAll(ctx.store, [row], heads)
  if (message === undefined) return null
  return { message, state: await stateOf(ctx.store, heads[0] ?? null), seq: newest?.seq ?? 0 }
}

/** Files are named by id, so each must be one this visitor uploaded here and has not sent before. */
async function requireOwnFiles(ctx: ServiceContext, visitor: Visitor, parts: readonly VisitorPart[]): Promise<void> {
  const ids = parts.flatMap((part) => (part.type === 'file' ? [part.fileId] : []))
  if (ids.length === 0) return
  const { files } = ctx.store.t
  const rows = await ctx.store.db.select().from(files).where(inArray(files.id, ids))
  const own = rows.filter(
    (row) =>
      row.inboxId === visitor.inbox.id && row.uploaderId === visitor.visitorId && row.conversationId === null && row.state === 'ready',
  )
  if (new Set(ids).size !== ids.length || own.length !== ids.length) {
    throw new AppError('invalid_input', 'An attached file is not there any more; attach it again.', { code: 'file_gone' })
  }
}
