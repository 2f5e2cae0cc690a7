import { z } from 'zod'
import { acceptOffer } from '../../services/offers/accept-offer.ts'
import { declineOffer } from '../../services/offers/decline-offer.ts'
import { getOffer } from '../../services/offers/get-offer.ts'
import { idParam } from '../../wire/http.ts'
import { offerSchema } from '../../wire/offers.ts'
import { type Route, route } from '../route.ts'

/** Conversations offered to an agent. */
export const offerRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/offers/:id',
    permission: 'offer.answer',
    tags: ['Offers'],
    summary: 'An offer and why it came to you',
    params: idParam,
    output: offerSchema,
    handler: ({ ctx, viewer, params }) => getOffer(ctx, viewer, params.id),
  }),
  route({
    method: 'post',
    path: '/api/v1/offers/:id/accept',
    permission: 'offer.answer',
    tags: ['Offers'],
    summary: 'Take the conversation',
    params: idParam,
    output: offerSchema,
    handler: async ({ ctx, viewer, params }) => {
      await acceptOffer(ctx, viewer, params.id)
      return getOffer(ctx, viewer, params.id)
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/offers/:id/decline',
    permission: 'offer.answer',
    tags: ['Offers'],
    summary: 'Let it go to somebody else',
    params: idParam,
    body: z.object({ reason: z.string().trim().min(1).max(200).optional() }),
    example: { reason: 'Not my language.' },
    output: offerSchema,
    handler: async ({ ctx, viewer, params, body }) => {
      await declineOffer(ctx, viewer, params.id, body.reason)
      return getOffer(ctx, viewer, params.id)
    },
  }),
]
