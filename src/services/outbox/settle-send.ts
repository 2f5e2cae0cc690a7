import { eq } from 'drizzle-orm'
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
import { setDelivery } from './set-delivery.ts'
import type { TakenBatch, TakenItem } from './take-next.ts'

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

/** Writes how a send ended, on the items and on their messages, unless the lease was lost meanwhile. */
export async function settleSend(ctx: ServiceContext, batch: TakenBatch, result: SendResult): Promise<void> {
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    for (const [at, taken] of batch.entries()) await settleItem(tx, ctx, taken, result, idsOf(result, at), now)
    const [{ item, conversation }] = batch
    await noteConsequences(tx, conversation.contactPointId, item.inboxId, result, now)
  })
}

/** Ids of the message at a place in its batch. */
function idsOf(result: SendResult, at: number): readonly { kind: string; value: string }[] {
  if (!('providerIds' in result)) return []
  return at === 0 ? result.providerIds : (result.more?.[at - 1] ?? [])
}

async function settleItem(
  tx: Tx,
  ctx: ServiceContext,
  { item, message }: TakenItem,
  result: SendResult,
  ids: readonly { kind: string; value: string }[],
  now: number,
): Promise<void> {
  const ending = endingOf(item, result, now)
  const { status, error, nextAttemptAt, route, attempts = item.attempts } = ending
  const changes = { status, error, nextAttemptAt, route, attempts, leaseUntil: null, leaseToken: null, updatedAt: now }
  if (!(await updateOutbox(tx, item.id, { status: 'sending', leaseToken: item.leaseToken }, changes))) return
  const first = ids.find((id) => !id.kind.endsWith('quoteToken'))
  const known = ids.length === 0 ? {} : { externalId: first?.value ?? null, providerIds: [...ids] }
  await setDelivery(tx, message, status, error, now, known)
  const bubbles = ids.flatMap((id) => (id.kind === 'messageId' ? [id.value] : []))
  if (bubbles.length > 0) await replaceAliases(tx, item.inboxId, message.id, bubbles.slice(1))
  if (nextAttemptAt !== null) wakeAt(ctx, tx, item.conversationId, nextAttemptAt - now)
}

/** A refusal may tell more than that: the customer left, or the account is in trouble. */
async function noteConsequences(tx: Tx, pointId: string, inboxId: string, result: SendResult, now: number): Promise<void> {
  if (result.status === 'rejected') {
    if (result.blocked === true) await setPointBlocked(tx, pointId, now, now)
    if (result.health !== undefined) await setInboxHealth(tx, inboxId, result.health, result.error.detail, now)
    return
  }
  if (result.status === 'retry' && result.health !== undefined) await setInboxHealth(tx, inboxId, result.health, result.error.detail, now)
  if (result.status === 'accepted' || result.status === 'delivered') await noteSuccess(tx, inboxId, result.route, now)
}

/** Something went out, so the account works; an answer that was free says nothing of a plan that is used up. */
async function noteSuccess(tx: Tx, inboxId: string, route: string, now: number): Promise<void> {
  const { inboxes } = tx.t
  const [row] = await tx.db.select({ health: inboxes.health, quota: inboxes.quota }).from(inboxes).where(eq(inboxes.id, inboxId))
  if (row === undefined) return
  // Counted here until the provider is asked again, so that the plan does not look fuller than it is for an hour.
  if (route === 'push' && row.quota !== null) {
    await tx.db
      .update(inboxes)
      .set({ quota: { ...row.quota, used: row.quota.used + 1 } })
      .where(eq(inboxes.id, inboxId))
  }
  const { state } = row.health
  if (state === 'ok' || state === 'webhook_silent' || (state === 'quota_exhausted' && route === 'reply')) return
  await setInboxHealth(tx, inboxId, 'ok', null, now)
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
