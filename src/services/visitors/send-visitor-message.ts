import { inArray } from 'drizzle-orm'
import { messageByExternalId } from '../../../db/queries/messages.ts'
import { newestSeq, threadHeads } from '../../../db/queries/visitor-threads.ts'
import { AppError } from '../../lib/errors.ts'
import type { VisitorMessage, VisitorPart, VisitorState } from '../../wire/visitor.ts'
import { type WebchatPayload, webchatPayloadId } from '../../wire/webchat.ts'
import type { ServiceContext } from '../context.ts'
import { acceptPayloads } from '../deliveries/accept-delivery.ts'
import type { Visitor } from './chat-inbox.ts'
import { presentAll, stateOf } from './load-visitor-thread.ts'

/** What a visitor says, under an id their browser made. */
export interface VisitorSend {
  readonly clientId: string
  readonly parts: readonly VisitorPart[]
  /** Language of the browser, BCP 47. */
  readonly locale?: string | undefined
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
 * @throws AppError 'invalid_input' for a file that is not this visitor's, or used already; 'conflict' when the message was
 *   taken but could not be processed (it is quarantined for a person to look at); 'unavailable' when nothing was stored.
 */
export async function sendVisitorMessage(ctx: ServiceContext, visitor: Visitor, send: VisitorSend): Promise<VisitorSent> {
  const payload: WebchatPayload = {
    version: 1,
    kind: 'message',
    visitorId: visitor.visitorId,
    clientId: send.clientId,
    at: ctx.clock.now(),
    parts: [...send.parts],
    ...(send.locale === undefined ? {} : { locale: send.locale }),
  }
  const externalId = webchatPayloadId(payload)
  const stored = await storedMessage(ctx, visitor, externalId)
  if (stored !== null) return stored
  await requireOwnFiles(ctx, visitor, send.parts)
  await acceptPayloads(ctx, visitor.inbox, [{ externalId, raw: JSON.stringify(payload) }])
  const sent = await storedMessage(ctx, visitor, externalId)
  if (sent === null) throw new AppError('conflict', 'This message could not be taken; write it again.', { code: 'quarantined' })
  return sent
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
