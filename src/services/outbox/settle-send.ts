import type { SendResult } from '../../../channels/contract.ts'
import { setPointBlocked } from '../../../db/queries/contacts.ts'
import { replaceAliases } from '../../../db/queries/message-aliases.ts'
import { type OutboxRow, updateOutbox } from '../../../db/queries/outbox.ts'
import type { Tx } from '../../../db/store.ts'
import { providerBackOff, retryDelayMs } from '../../lib/retry.ts'
import type { SendError } from '../../wire/messages.ts'
import type { OutboxStatus } from '../../wire/words.ts'
import type { ServiceContext } from '../context.ts'
import { setInboxHealth } from '../inboxes/note-account-news.ts'
import type { TakenItem } from './send-next.ts'
import { setDelivery } from './set-delivery.ts'

/** After so many attempts, or so long, a message that could not be handed over has failed. */
const maxAttempts = 10
const maxAgeMs = 24 * 3_600_000

/** Route of an item of which an attempt with a retry key may have been taken. */
const doubtfulRoute = 'keyed'

interface Ending {
  readonly status: OutboxStatus
  readonly error: SendError | null
  /** Epoch ms; null when nothing more is due. */
  readonly nextAttemptAt: number | null
  readonly route: string | null
  /** Where this attempt does not count. */
  readonly attempts?: number
}

/** Writes how a send ended, on the item and on the message, unless the lease was lost meanwhile. */
export async function settleSend(ctx: ServiceContext, { item, message, conversation }: TakenItem, result: SendResult): Promise<void> {
  const ids = 'providerIds' in result ? result.providerIds : []
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const ending = endingOf(item, result, now)
    const written = await updateOutbox(
      tx,
      item.id,
      { status: 'sending', leaseToken: item.leaseToken },
      {
        status: ending.status,
        error: ending.error,
        nextAttemptAt: ending.nextAttemptAt,
        route: ending.route,
        attempts: ending.attempts ?? item.attempts,
        leaseUntil: null,
        leaseToken: null,
        updatedAt: now,
      },
    )
    if (!written) return
    const first = ids.find((id) => !id.kind.endsWith('quoteToken'))
    await setDelivery(
      tx,
      message,
      ending.status,
      ending.error,
      now,
      ids.length === 0 ? {} : { externalId: first?.value ?? null, providerIds: [...ids] },
    )
    const bubbles = ids.flatMap((id) => (id.kind === 'messageId' ? [id.value] : []))
    if (bubbles.length > 0) await replaceAliases(tx, item.inboxId, message.id, bubbles.slice(1))
    await noteConsequences(tx, conversation.contactPointId, item.inboxId, result, now)
    if (ending.nextAttemptAt !== null) wakeAt(ctx, tx, item.conversationId, ending.nextAttemptAt - now)
  })
}

/** A refusal may tell more than that: the customer left, or the account is in trouble. */
async function noteConsequences(tx: Tx, pointId: string, inboxId: string, result: SendResult, now: number): Promise<void> {
  if (result.status === 'rejected') {
    if (result.blocked === true) await setPointBlocked(tx, pointId, now, now)
    if (result.health !== undefined) await setInboxHealth(tx, inboxId, result.health, result.error.detail, now)
    return
  }
  if (result.status === 'retry' && result.health !== undefined) await setInboxHealth(tx, inboxId, result.health, result.error.detail, now)
  if (result.status === 'accepted' || result.status === 'delivered') await setInboxHealth(tx, inboxId, 'ok', null, now)
}

function wakeAt(ctx: ServiceContext, tx: Tx, conversationId: string, delayMs: number): void {
  tx.afterCommit(
    () =>
      void ctx.jobs.add('outbox.send', { conversationId }, { key: conversationId, delayMs: Math.max(0, delayMs) }).catch(() => undefined),
  )
}

function endingOf(item: OutboxRow, result: SendResult, now: number): Ending {
  switch (result.status) {
    case 'accepted':
    case 'delivered':
      return { status: result.status, error: result.error ?? null, nextAttemptAt: null, route: result.route }
    case 'rejected':
      return { status: 'failed', error: result.error, nextAttemptAt: null, route: null }
    case 'unconfirmed':
      return { status: 'unconfirmed', error: result.error, nextAttemptAt: null, route: result.route }
    case 'retry': {
      if (result.uncounted === true) {
        const attempts = item.attempts - 1
        return { status: 'queued', error: null, nextAttemptAt: now + (result.afterMs ?? 0), route: item.route, attempts }
      }
      // Once an attempt may have been taken, only a later answer about the same retry key can tell; until then the route says so.
      const inDoubt = result.mayBeTaken === true || item.route === doubtfulRoute
      const route = inDoubt ? doubtfulRoute : null
      const spent = item.attempts >= maxAttempts || now - item.createdAt >= maxAgeMs
      if (spent) return { status: inDoubt ? 'unconfirmed' : 'failed', error: result.error, nextAttemptAt: null, route }
      const delayMs = retryDelayMs(providerBackOff, item.attempts, Math.random(), result.afterMs)
      return { status: 'queued', error: result.error, nextAttemptAt: now + delayMs, route }
    }
  }
}
