import { getDelivery, listDeliveries } from '../../services/deliveries/list-deliveries.ts'
import { replayDelivery } from '../../services/deliveries/replay-delivery.ts'
import { deliveryDetailSchema, deliverySchema, replayResultSchema } from '../../wire/deliveries.ts'
import { idParam, pageOf, pageQuery } from '../../wire/http.ts'
import { deliveryStatusSchema } from '../../wire/words.ts'
import { type Route, route } from '../route.ts'

/** The ledger of what providers sent. */
export const deliveryRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/deliveries',
    permission: 'delivery.read',
    tags: ['Deliveries'],
    summary: 'Deliveries of a status, newest first',
    query: pageQuery.extend({ status: deliveryStatusSchema.default('quarantined') }),
    output: pageOf(deliverySchema),
    handler: ({ ctx, viewer, query }) => listDeliveries(ctx, viewer, query),
  }),
  route({
    method: 'get',
    path: '/api/v1/deliveries/:id',
    permission: 'delivery.read',
    tags: ['Deliveries'],
    summary: 'A delivery with its payload as it came',
    params: idParam,
    output: deliveryDetailSchema,
    handler: ({ ctx, viewer, params }) => getDelivery(ctx, viewer, params.id),
  }),
  route({
    method: 'post',
    path: '/api/v1/deliveries/:id/replay',
    permission: 'delivery.replay',
    tags: ['Deliveries'],
    summary: 'Process a quarantined payload again',
    params: idParam,
    output: replayResultSchema,
    handler: ({ ctx, viewer, params }) => replayDelivery(ctx, viewer, params.id),
  }),
]
