import { createHash } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Inbound, RawPayload } from '../../../channels/contract.ts'
import { type DeliveryRow, deliveryById, settleDeliveryRow } from '../../../db/queries/deliveries.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { settleDelivery } from '../../core/lifecycle/delivery.ts'
import { AppError } from '../../lib/errors.ts'
import { sanitizeJson } from '../../lib/sanitize-text.ts'
import type { DeliveryStatus } from '../../wire/words.ts'
import { require as requirePermission } from '../access/require.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'
import { applyItems } from './apply-inbound.ts'
import { isPassing } from './is-passing.ts'

/**
 * Processes a quarantined payload again, as after a fix. It ends processed, or stays quarantined with the
 * new failure; a payload that was processed before is refused. Message ids keep it from doubling.
 * @throws AppError 'not_found', 'forbidden', or 'conflict' when it is not quarantined.
 */
export async function replayDelivery(
  ctx: ServiceContext,
  viewer: Viewer,
  deliveryId: string,
): Promise<{ status: DeliveryStatus; error: string | null }> {
  requirePermission(viewer, 'delivery.replay')
  const [found] = await deliveryById(ctx.store, { id: deliveryId })
  if (found === undefined) throw new AppError('not_found', 'There is no such delivery.', { deliveryId })
  const settle = settleDelivery(found.status, 'processed')
  if (!settle.ok) throw new AppError('conflict', settle.sentence, { code: 'not_quarantined' })
  const inbox = await ctx.inboxes.get(found.inboxId)
  const items = await readAgain(inbox, found)
  return ctx.store.tx(async (tx) => {
    // Counting the attempt first takes the row, so that two replays at once do not both act.
    await settleDeliveryRow(tx, { id: found.id, status: 'quarantined', error: found.error, processedAt: null })
    const [row] = await deliveryById(tx, { id: found.id })
    if (row === undefined || row.attempts !== found.attempts + 1) throw new AppError('conflict', 'The delivery is being replayed already.')
    const now = ctx.clock.now()
    try {
      await tx.savepoint((inner) => applyItems(inner, ctx, inbox, items(), row.id))
    } catch (error) {
      if (isPassing(error)) throw error
      const sentence = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
      await tx.db.update(tx.t.deliveries).set({ error: sentence }).where(eq(tx.t.deliveries.id, row.id))
      return { status: 'quarantined', error: sentence }
    }
    await tx.db.update(tx.t.deliveries).set({ status: 'processed', error: null, processedAt: now }).where(eq(tx.t.deliveries.id, row.id))
    tx.append({
      type: 'delivery.replayed',
      at: now,
      actorType: 'agent',
      actorId: viewer.agentId,
      conversationId: null,
      subjectId: row.id,
      data: {},
    })
    return { status: 'processed', error: null }
  })
}

/** The items, or what reading them throws; read before the transaction, because it may take its time. */
async function readAgain(inbox: OpenInbox, row: DeliveryRow): Promise<() => Inbound[]> {
  const { read } = inbox.session
  if (read === undefined) return () => itemsOf(inbox, row)
  try {
    const items = sanitizeJson(await read(Buffer.from(row.raw, row.encoding).toString('utf8'))) as Inbound[]
    return () => items
  } catch (error) {
    return () => {
      throw error
    }
  }
}

/** A payload is parsed as it is; a body that could not be split before is split now, as its webhook would be. */
function itemsOf(inbox: OpenInbox, row: DeliveryRow): Inbound[] {
  const bytes = Buffer.from(row.raw, row.encoding)
  const whole = row.externalId === `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  const payloads: Pick<RawPayload, 'raw'>[] =
    whole && inbox.session.webhook !== undefined
      ? inbox.session.webhook.split({ method: 'POST', path: '', publicUrl: '', headers: {}, body: bytes })
      : [{ raw: row.raw }]
  return payloads.flatMap((payload) => sanitizeJson(inbox.session.parse(payload.raw)) as Inbound[])
}
