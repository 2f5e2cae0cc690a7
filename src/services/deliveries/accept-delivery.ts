import { createHash } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Inbound, RawPayload, RawRequest, Session } from '../../../channels/contract.ts'
import { type DeliveryRow, insertDelivery, noteRepeat, settleDeliveryRow } from '../../../db/queries/deliveries.ts'
import { putListenerCursor } from '../../../db/queries/listener-cursors.ts'
import type { Tx } from '../../../db/store.ts'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { sanitizeJson } from '../../lib/sanitize-text.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'
import { applyItems } from './apply-inbound.ts'
import { isPassing } from './is-passing.ts'

export type { RawRequest } from '../../../channels/contract.ts'

/** What became of one payload. */
export interface Accepted {
  readonly externalId: string
  readonly outcome: 'processed' | 'duplicate' | 'quarantined'
}

/** A payload read before the transaction, so that the write lock is not held while parsing. */
interface ReadPayload extends RawPayload {
  readonly items: readonly Inbound[]
  readonly failure: string | null
}

/**
 * Takes a verified webhook body into the ledger and does what it says. A payload and its effects are stored together,
 * in a savepoint of its own: one that cannot be processed is kept, quarantined, and the rest goes on. A body
 * that cannot be split is kept whole in the same way. Repeats change nothing.
 * @throws AppError 'unavailable' when the database cannot take it: no payload is stored without its effects, and the
 *   provider sends all of them again.
 */
export async function acceptDelivery(ctx: ServiceContext, inbox: OpenInbox, request: RawRequest): Promise<Accepted[]> {
  const { webhook } = inbox.session
  if (webhook === undefined) throw new AppError('not_found', 'This channel takes no webhooks.')
  const payloads = splitBody(webhook, request)
  if (payloads instanceof Error) return [await quarantineBody(ctx, inbox, request.body, payloads)]
  return acceptPayloads(ctx, inbox, payloads, payloads.length > 1 ? request.body : null)
}

/** The payloads, or why the body cannot be read: whatever `split` throws is about the body. */
function splitBody(webhook: NonNullable<Session['webhook']>, request: RawRequest): RawPayload[] | Error {
  try {
    return webhook.split(request)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/**
 * The same for payloads that did not come as one webhook body (web chat, mail).
 * @param body the bytes they were cut from, kept beside them; null when a payload is all there is.
 */
export async function acceptPayloads(
  ctx: ServiceContext,
  inbox: OpenInbox,
  payloads: readonly RawPayload[],
  body: Buffer | null = null,
): Promise<Accepted[]> {
  const { session } = inbox
  const read = session.read === undefined ? payloads.map((payload) => readPayload(inbox, payload)) : await readEach(session.read, payloads)
  const kept: KeptBody | null = body === null ? null : { id: newId(), bytes: body, stored: false, withheld: false }
  const accepted: Accepted[] = []
  for (const unit of unitsOf(ctx, read)) accepted.push(...(await ctx.store.tx((tx) => acceptUnit(tx, ctx, inbox, unit, kept))))
  return accepted
}

/**
 * What is stored together. SQLite's writers take turns, so one commit does for all. On PostgreSQL payloads of several
 * senders would take their locks in whatever order they came, and two such bodies would wait for each other: each
 * payload commits by itself there.
 */
function unitsOf({ store }: ServiceContext, read: readonly ReadPayload[]): (readonly ReadPayload[])[] {
  if (read.length === 0) return []
  return store.dialect === 'sqlite' ? [read] : read.map((payload) => [payload])
}

/** A body to keep with the first of its payloads that is new; repeats keep nothing. */
interface KeptBody {
  readonly id: string
  readonly bytes: Buffer
  stored: boolean
  /** It holds words that were taken back. */
  withheld: boolean
}

async function acceptUnit(
  tx: Tx,
  ctx: ServiceContext,
  inbox: OpenInbox,
  unit: readonly ReadPayload[],
  body: KeptBody | null,
): Promise<Accepted[]> {
  const accepted: Accepted[] = []
  for (const payload of unit) accepted.push(await acceptOne(tx, ctx, inbox, payload, body))
  await moveCursors(tx, ctx, inbox.id, unit)
  if (body !== null && !body.stored && !body.withheld && accepted.some(({ outcome }) => outcome !== 'duplicate')) {
    await keepBody(tx, ctx, inbox.id, body)
    tx.afterCommit(() => {
      body.stored = true
    })
  }
  return accepted
}

/** Where the listener stands behind these payloads: the last word of each cursor counts. */
async function moveCursors(tx: Tx, ctx: ServiceContext, inboxId: string, unit: readonly RawPayload[]): Promise<void> {
  const cursors = new Map(unit.flatMap(({ cursor }) => (cursor === undefined ? [] : [[cursor.name, cursor.value] as const])))
  for (const [name, value] of cursors) await putListenerCursor(tx, { inboxId, name, value, now: ctx.clock.now() })
}

function readPayload(inbox: OpenInbox, payload: RawPayload): ReadPayload {
  try {
    const items = inbox.session.parse(payload.raw)
    return { ...payload, items: hasUnstorable(payload.raw) ? (sanitizeJson(items) as Inbound[]) : items, failure: null }
  } catch (error) {
    return { ...payload, items: [], failure: sentenceOf(error) }
  }
}

/** The same where reading takes a worker or stored bytes. @throws what is about the moment and not about a payload. */
function readEach(read: NonNullable<Session['read']>, payloads: readonly RawPayload[]): Promise<ReadPayload[]> {
  return Promise.all(
    payloads.map(async (payload) => {
      try {
        return { ...payload, items: sanitizeJson(await read(payload.raw)) as Inbound[], failure: null }
      } catch (error) {
        if (isPassing(error)) throw error
        return { ...payload, items: [], failure: sentenceOf(error) }
      }
    }),
  )
}

/** NUL and lone surrogates can only arrive as JSON escapes; the text itself was decoded from UTF-8. */
function hasUnstorable(raw: string): boolean {
  return raw.includes('\\u0000') || /\\u[dD][89a-fA-F]/.test(raw) || raw.includes('\u0000')
}

async function acceptOne(tx: Tx, ctx: ServiceContext, inbox: OpenInbox, payload: ReadPayload, body: KeptBody | null): Promise<Accepted> {
  const { externalId, failure } = payload
  const now = ctx.clock.now()
  const row: DeliveryRow = {
    id: newId(),
    inboxId: inbox.id,
    externalId,
    // Written as what it becomes when nothing goes wrong, which saves a statement on the hot path.
    status: failure === null ? 'processed' : 'quarantined',
    raw: payload.raw.replaceAll('\u0000', ''),
    encoding: 'utf8',
    bodyId: body?.id ?? null,
    error: failure,
    attempts: 1,
    repeats: 0,
    receivedAt: now,
    processedAt: failure === null ? now : null,
  }
  const inserted = await insertDelivery(tx, row)
  if (inserted.length === 0) {
    await noteRepeat(tx, { inboxId: inbox.id, externalId })
    if (payload.discard !== undefined) tx.afterCommit(payload.discard)
    return { externalId, outcome: 'duplicate' }
  }
  if (failure !== null) {
    noteQuarantine(tx, row.id, inbox.id, now)
    return { externalId, outcome: 'quarantined' }
  }
  const outcome = await processItems(tx, ctx, inbox, row, payload.items)
  if (outcome === 'duplicate') await keepLess(tx, row.id, payload)
  if (outcome !== 'withdrawn') return { externalId, outcome }
  if (body !== null) body.withheld = true
  return { externalId, outcome: 'processed' }
}

/** A message that is here already needs its bytes no second time. */
async function keepLess(tx: Tx, deliveryId: string, { rawWhenRepeated, discard }: RawPayload): Promise<void> {
  if (rawWhenRepeated !== undefined) {
    await tx.db.update(tx.t.deliveries).set({ raw: rawWhenRepeated }).where(eq(tx.t.deliveries.id, deliveryId))
  }
  if (discard !== undefined) tx.afterCommit(discard)
}

async function processItems(
  tx: Tx,
  ctx: ServiceContext,
  inbox: OpenInbox,
  row: DeliveryRow,
  items: readonly Inbound[],
): Promise<Accepted['outcome'] | 'withdrawn'> {
  const now = row.receivedAt
  try {
    const outcome = await applyItems(tx, ctx, inbox, items, row.id)
    if (outcome === 'duplicate') await settleDeliveryRow(tx, { id: row.id, status: 'duplicate', error: null, processedAt: now })
    return outcome
  } catch (error) {
    if (isPassing(error)) throw error
    ctx.log.error({ err: error, inboxId: inbox.id, deliveryId: row.id }, 'payload quarantined')
    await settleDeliveryRow(tx, { id: row.id, status: 'quarantined', error: sentenceOf(error), processedAt: null })
    noteQuarantine(tx, row.id, inbox.id, now)
    return 'quarantined'
  }
}

function noteQuarantine(tx: Tx, deliveryId: string, inboxId: string, now: number): void {
  tx.append({
    type: 'delivery.quarantined',
    at: now,
    actorType: 'system',
    actorId: 'ledger',
    conversationId: null,
    subjectId: deliveryId,
    data: { inboxId },
  })
}

async function quarantineBody(ctx: ServiceContext, inbox: OpenInbox, body: Buffer, error: unknown): Promise<Accepted> {
  const externalId = `sha256:${createHash('sha256').update(body).digest('hex')}`
  const now = ctx.clock.now()
  const row: DeliveryRow = {
    id: newId(),
    inboxId: inbox.id,
    externalId,
    status: 'quarantined',
    ...encodeBytes(body),
    bodyId: null,
    error: sentenceOf(error),
    attempts: 1,
    repeats: 0,
    receivedAt: now,
    processedAt: null,
  }
  return ctx.store.tx(async (tx) => {
    const inserted = await insertDelivery(tx, row)
    if (inserted.length === 0) {
      await noteRepeat(tx, { inboxId: inbox.id, externalId })
      return { externalId, outcome: 'duplicate' }
    }
    noteQuarantine(tx, row.id, inbox.id, now)
    return { externalId, outcome: 'quarantined' }
  })
}

/** Bytes as text, without losing one: UTF-8 where they are that, base64 otherwise. */
function encodeBytes(bytes: Buffer): { raw: string; encoding: 'utf8' | 'base64' } {
  const text = bytes.toString('utf8')
  const faithful = !text.includes('\u0000') && Buffer.from(text, 'utf8').equals(bytes)
  return faithful ? { raw: text, encoding: 'utf8' } : { raw: bytes.toString('base64'), encoding: 'base64' }
}

async function keepBody(tx: Tx, ctx: ServiceContext, inboxId: string, { id, bytes }: KeptBody): Promise<void> {
  const { raw, encoding } = encodeBytes(bytes)
  await tx.db.insert(tx.t.deliveryBodies).values({ id, inboxId, body: raw, encoding, receivedAt: ctx.clock.now() })
}

/** The failure as an administrator reads it in the ledger: the sentence and where it came from. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, 2_000)
  return `${error.name}: ${error.message}\n${error.stack?.split('\n').slice(1, 6).join('\n') ?? ''}`.slice(0, 4_000)
}
