import { z } from 'zod'

/** Every kind of error the hub knows; `lib/errors` maps each to a status. */
export const errorKindSchema = z.enum([
  'invalid_input',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'too_large',
  'rate_limited',
  'provider_rejected',
  'provider_unavailable',
  'unavailable',
  'bug',
])
export type ErrorKind = z.infer<typeof errorKindSchema>

/** An error as sockets answer it. `code` names the exact case, `detail` is the sentence to show. */
export const wireErrorSchema = z.object({
  kind: errorKindSchema,
  code: z.string(),
  detail: z.string(),
  fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  details: z.record(z.string(), z.unknown()).optional(),
  requestId: z.string().optional(),
})
export type WireError = z.infer<typeof wireErrorSchema>

/** `application/problem+json` as HTTP answers it (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    requestId: z.string(),
    fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof problemSchema>

/** How every socket call is acknowledged. */
export type Reply<T> = { ok: true; data: T } | { ok: false; error: WireError }
