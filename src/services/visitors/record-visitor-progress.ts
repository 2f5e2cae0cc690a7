import { messagesAwaiting, threadHeads } from '../../../db/queries/visitor-threads.ts'
import type { VisitorPlace } from '../../wire/visitor.ts'
import { type WebchatPayload, webchatPayloadId } from '../../wire/webchat.ts'
import type { ServiceContext } from '../context.ts'
import { acceptPayloads } from '../deliveries/accept-delivery.ts'
import type { Visitor } from './chat-inbox.ts'

/** How far a visitor's browser has come in one of its conversations. */
export interface VisitorProgress extends VisitorPlace {
  /** The person has seen it; false: the browser has it. */
  readonly read: boolean
}

/**
 * Takes a browser's word that our messages up to a place arrived, or were read: a receipt for each goes through the ledger.
 * Places in other threads and repeats change nothing.
 */
export async function recordVisitorProgress(ctx: ServiceContext, visitor: Visitor, progress: VisitorProgress): Promise<void> {
  const { conversationId, ordinal, read } = progress
  const heads = await threadHeads(ctx.store, { inboxId: visitor.inbox.id, threadKey: visitor.visitorId })
  if (!heads.some((head) => head.id === conversationId)) return
  const awaiting = await messagesAwaiting(ctx.store, conversationId, ordinal, read ? ['accepted', 'delivered'] : ['accepted'])
  const receipts = awaiting
    .filter((message) => message.inboxId === visitor.inbox.id)
    .map(
      (message): WebchatPayload => ({
        version: 1,
        kind: 'receipt',
        visitorId: visitor.visitorId,
        messageId: message.id,
        status: read ? 'read' : 'delivered',
        at: ctx.clock.now(),
      }),
    )
  await acceptPayloads(
    ctx,
    visitor.inbox,
    receipts.map((receipt) => ({ externalId: webchatPayloadId(receipt), raw: JSON.stringify(receipt) })),
  )
}
