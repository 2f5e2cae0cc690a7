import { z } from 'zod'
import { deliveryStatusSchema, idSchema, instantSchema } from './words.ts'

/** One raw inbound payload in the ledger, without the payload. */
export const deliverySchema = z
  .object({
    id: idSchema,
    inboxId: idSchema,
    externalId: z.string(),
    status: deliveryStatusSchema,
    /** The sentence of the failure that quarantined it. */
    error: z.string().nullable(),
    attempts: z.number().int(),
    /** How often the provider sent it again. */
    repeats: z.number().int(),
    receivedAt: instantSchema,
    processedAt: instantSchema.nullable(),
  })
  .meta({ id: 'Delivery' })
export type Delivery = z.infer<typeof deliverySchema>

/** The same with the payload as it came. */
export const deliveryDetailSchema = deliverySchema
  .extend({
    raw: z.string(),
    /** `base64` when the bytes are no valid UTF-8. */
    encoding: z.enum(['utf8', 'base64']),
  })
  .meta({ id: 'DeliveryDetail' })
export type DeliveryDetail = z.infer<typeof deliveryDetailSchema>

export const replayResultSchema = z.object({ status: deliveryStatusSchema, error: z.string().nullable() })
