import { createHash } from 'node:crypto'
import {
  type IdempotencyRow,
  idempotencyRow,
  releaseIdempotencyKey,
  settleIdempotencyKey,
  takeIdempotencyKey,
} from '../../../db/queries/idempotency.ts'
import { AppError, errorKinds, kindOf } from '../../lib/errors.ts'
import { problemOf } from '../../lib/wire-error.ts'
import type { ServiceContext } from '../context.ts'

/** Header by which a caller marks repeats of one write (draft-ietf-httpapi-idempotency-key-header). */
export const idempotencyHeader = 'idempotency-key'

/** A request that has not ended after this long died with its process, milliseconds. */
const abandonedAfterMs = 60_000

/** A finished answer: its status and JSON text. */
export interface Answer {
  readonly status: number
  readonly text: string
}

/** One write and the key its caller gave it. */
export interface KeyedRequest {
  readonly agentId: string
  readonly key: string
  readonly method: string
  /** Path with its parameters filled in. */
  readonly path: string
  readonly body: unknown
  readonly requestId: string
}

/**
 * Does a write once for its key: a repeat gets the stored answer, also one that was refused. Work that
 * failed on our side gives the key back. Answers are stored sealed, for some carry secrets shown once.
 * @throws AppError 'invalid_input' for a key that is none; 'conflict' with code `idempotency_key_reused` for another
 *   request, `idempotency_in_progress` while the first still runs, `idempotency_outcome_unknown` when its process died; what
 *   `work` throws.
 */
export async function doOnce(
  ctx: ServiceContext,
  request: KeyedRequest,
  work: () => Promise<Answer>,
): Promise<Answer & { replayed: boolean }> {
  const { agentId, key } = request
  if (!/^[\x21-\x7e]{8,200}$/.test(key)) {
    const message = 'has 8 to 200 visible ASCII characters'
    throw new AppError('invalid_input', `Idempotency-Key ${message}.`, { fields: [{ path: 'Idempotency-Key', message }] })
  }
  const requestHash = createHash('sha256')
    .update(JSON.stringify([request.method, request.path, request.body ?? null]))
    .digest('hex')
  const stored = await take(ctx, agentId, key, requestHash)
  if (stored !== null) return { ...stored, replayed: true }
  const answer = await work().catch(async (error: unknown) => {
    await keepRefusal(ctx, request, error)
    throw error
  })
  await settle(ctx, agentId, key, answer).catch((error: unknown) => {
    // The write is done: its caller must hear so. A repeat finds the key without an answer and is told that.
    ctx.log.warn({ err: error, requestId: request.requestId }, 'The answer for an Idempotency-Key was not kept.')
  })
  return { ...answer, replayed: false }
}

/** Null when the key is now ours; the stored answer when the write has been done. */
async function take(ctx: ServiceContext, agentId: string, key: string, requestHash: string): Promise<Answer | null> {
  const now = ctx.clock.now()
  const taken = await takeIdempotencyKey(ctx.store, { agentId, key, requestHash, now })
  if (taken.length > 0) return null
  const [row] = await idempotencyRow(ctx.store, { agentId, key })
  if (row !== undefined && row.requestHash !== requestHash) {
    throw new AppError('conflict', 'This Idempotency-Key was used for another request.', { code: 'idempotency_key_reused' })
  }
  if (row !== undefined && row.status !== null) return openAnswer(ctx, row, row.status)
  if (row !== undefined && now - row.createdAt >= abandonedAfterMs) {
    const sentence = 'The first request with this Idempotency-Key never ended. Look whether it took effect, then use a new key.'
    throw new AppError('conflict', sentence, { code: 'idempotency_outcome_unknown' })
  }
  throw new AppError('conflict', 'The first request with this Idempotency-Key still runs.', { code: 'idempotency_in_progress' })
}

function openAnswer(ctx: ServiceContext, row: IdempotencyRow, status: number): Answer {
  return { status, text: row.body === null ? '' : ctx.secrets.open(row.body, placeOf(row.agentId, row.key)) }
}

async function settle(ctx: ServiceContext, agentId: string, key: string, { status, text }: Answer): Promise<void> {
  await settleIdempotencyKey(ctx.store, { agentId, key, status, body: ctx.secrets.seal(text, placeOf(agentId, key)) })
}

/** A refusal would be the same again; what passes (limits, failures of ours) may be tried again with the same key. */
async function keepRefusal(ctx: ServiceContext, { agentId, key, requestId }: KeyedRequest, error: unknown): Promise<void> {
  const kind = kindOf(error)
  const { status, retried } = errorKinds[kind]
  if (error instanceof AppError && error.details['outcome'] === 'unknown') return
  if (retried || status >= 500 || status === 401 || status === 403) return releaseIdempotencyKey(ctx.store, agentId, key)
  await settle(ctx, agentId, key, { status, text: JSON.stringify(problemOf(error, requestId)) })
}

function placeOf(agentId: string, key: string): string {
  return `idempotency:${agentId}:${key}`
}
