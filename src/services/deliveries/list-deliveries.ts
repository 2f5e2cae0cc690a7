import { z } from 'zod'
import { deliveryById } from '../../../db/queries/deliveries.ts'
import { deliveriesByStatus } from '../../../db/queries/delivery-lists.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { readCursor, writeCursor } from '../../lib/cursor.ts'
import { AppError } from '../../lib/errors.ts'
import { presentDelivery } from '../../present/delivery.ts'
import type { Delivery, DeliveryDetail } from '../../wire/deliveries.ts'
import type { Page, PageQuery } from '../../wire/http.ts'
import type { DeliveryStatus } from '../../wire/words.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'

/** Deliveries of a status, newest first. */
export async function listDeliveries(
  ctx: ServiceContext,
  viewer: Viewer,
  query: PageQuery & { status: DeliveryStatus },
): Promise<Page<Delivery>> {
  require(viewer, 'delivery.read')
  const { status, cursor, limit } = query
  const before = cursor === undefined ? null : readCursor(z.tuple([z.string()]), cursor)[0]
  const rows = await deliveriesByStatus(ctx.store, status, before, [...viewer.hiddenInboxIds], limit + 1)
  const last = rows[limit - 1]
  return {
    items: rows.slice(0, limit).map(presentDelivery),
    nextCursor: rows.length > limit && last !== undefined ? writeCursor([last.id]) : null,
  }
}

/** One delivery with its payload as it came. @throws AppError 'not_found', also for an inbox the viewer may not see. */
export async function getDelivery(ctx: ServiceContext, viewer: Viewer, id: string): Promise<DeliveryDetail> {
  require(viewer, 'delivery.read')
  const [row] = await deliveryById(ctx.store, { id })
  if (row === undefined || viewer.hiddenInboxIds.has(row.inboxId)) throw new AppError('not_found', 'There is no such delivery.')
  return { ...presentDelivery(row), error: row.error, raw: row.raw, encoding: row.encoding }
}
