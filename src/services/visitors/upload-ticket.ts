import { createHmac } from 'node:crypto'
import { and, count, eq, isNull, sum } from 'drizzle-orm'
import { z } from 'zod'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { equalInConstantTime } from '../../lib/secrets.ts'
import type { UploadTicket } from '../../wire/visitor.ts'
import { idSchema, instantSchema } from '../../wire/words.ts'
import type { ServiceContext } from '../context.ts'
import type { Visitor } from './chat-inbox.ts'

/** What a ticket allows: one file of this id, of at most so many bytes, for a while. */
export interface TicketClaims {
  readonly visitorId: string
  readonly fileId: string
  readonly maxBytes: number
  readonly expiresAt: number
}

/** Long enough for a large file over a slow line to begin, short enough to be worth nothing when found. */
const ticketMs = 10 * 60_000
/** Uploads that no message has named: so many, and so many times the largest file. */
const maxUnsentFiles = 20
const maxUnsentFactor = 3

const claimsSchema = z.strictObject({ visitorId: idSchema, fileId: idSchema, maxBytes: z.number().int(), expiresAt: instantSchema })

/**
 * Allows a visitor to upload one file. The ticket is bound to them and to the id the file will have, so it works once.
 * @throws AppError 'invalid_input' with code `no_files`; 'too_large'; 'rate_limited' with code `unsent_files` when too much lies here
 *   that was never sent.
 */
export async function giveUploadTicket(ctx: ServiceContext, visitor: Visitor, bytes: number): Promise<UploadTicket> {
  const { maxFileBytes } = visitor.config
  if (maxFileBytes === 0) throw new AppError('invalid_input', 'This chat takes no files.', { code: 'no_files' })
  if (bytes > maxFileBytes) throw new AppError('too_large', 'The file is larger than this chat takes.', { maxBytes: maxFileBytes })
  await requireRoom(ctx, visitor, bytes)
  const expiresAt = ctx.clock.now() + ticketMs
  const claims: TicketClaims = { visitorId: visitor.visitorId, fileId: newId(), maxBytes: bytes, expiresAt }
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url')
  return { ticket: `${body}.${macOf(visitor.key, body)}`, expiresAt }
}

/**
 * What a ticket of this visitor allows.
 * @throws AppError 'forbidden' with code `ticket` for one that is forged, somebody else's, or too old.
 */
export function readUploadTicket(ctx: ServiceContext, visitor: Visitor, ticket: string): TicketClaims {
  const [body = '', mac = ''] = ticket.split('.')
  const claims = equalInConstantTime(macOf(visitor.key, body), mac) ? claimsOf(body) : null
  if (claims === null || claims.visitorId !== visitor.visitorId || claims.expiresAt <= ctx.clock.now()) {
    throw new AppError('forbidden', 'This upload was not asked for, or too long ago; attach the file again.', { code: 'ticket' })
  }
  return claims
}

function claimsOf(body: string): TicketClaims | null {
  const parsed = claimsSchema.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')))
  return parsed.success ? parsed.data : null
}

function macOf(key: Buffer, body: string): string {
  return createHmac('sha256', key).update(`upload ${body}`).digest('base64url')
}

async function requireRoom(ctx: ServiceContext, { visitorId, inbox, config }: Visitor, bytes: number): Promise<void> {
  const { files } = ctx.store.t
  const [held] = await ctx.store.db
    .select({ files: count(), bytes: sum(files.bytes) })
    .from(files)
    .where(and(eq(files.uploaderId, visitorId), eq(files.inboxId, inbox.id), isNull(files.conversationId)))
  if ((held?.files ?? 0) < maxUnsentFiles && Number(held?.bytes ?? 0) + bytes <= config.maxFileBytes * maxUnsentFactor) return
  throw new AppError('rate_limited', 'Send the files that are attached before adding more.', { code: 'unsent_files', retryAfterMs: 60_000 })
}
