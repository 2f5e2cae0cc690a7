import { and, eq } from 'drizzle-orm'
import { fileTypeFromBuffer } from 'file-type'
import type { MediaResult } from '../../../channels/contract.ts'
import type { FileRow } from '../../../db/queries/files.ts'
import { messageById } from '../../../db/queries/messages.ts'
import type { Tx } from '../../../db/store.ts'
import { AppError } from '../../lib/errors.ts'
import { providerBackOff, retryDelayMs } from '../../lib/retry.ts'
import type { StoredBlob } from '../../ports/blobs.ts'
import type { ServiceContext } from '../context.ts'
import { mediaKindOf } from './media-kind.ts'
import { scan } from './take-file.ts'

/** The largest medium a provider may give us. */
const maxBytes = 300 * 1024 * 1024
const fetchTimeoutMs = 300_000
/** Downloads that failed in a row of attempts before it is given up. */
const maxAttempts = 12
/** Providers prepare large media for minutes: how long to wait before each further question, and when to stop asking. */
const preparingMs = [1_000, 2_000, 5_000, 10_000, 30_000, 60_000] as const
const prepareForMs = 15 * 60_000
/** Bytes a type can be told from. */
const sniffBytes = 4_100

/**
 * Fetches the bytes of an inbound medium from its provider, stores them and shows them in the message. Run
 * again, it goes on where it stands; a file that is here, failed or gone is left alone.
 */
export async function fetchFile(ctx: ServiceContext, fileId: string, signal: AbortSignal): Promise<void> {
  const { store } = ctx
  const [file] = await store.db.select().from(store.t.files).where(eq(store.t.files.id, fileId))
  if (file === undefined || file.state !== 'pending' || file.source === null || file.inboxId === null) return
  if ((file.nextAttemptAt ?? 0) > ctx.clock.now()) return
  await settle(ctx, file, await attempt(ctx, file, file.source, file.inboxId, signal))
}

type Outcome = { readonly status: 'stored'; readonly blob: StoredBlob; readonly mime: string } | Exclude<MediaResult, { status: 'ready' }>

async function attempt(
  ctx: ServiceContext,
  file: FileRow,
  source: Record<string, unknown>,
  inboxId: string,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    const inbox = await ctx.inboxes.get(inboxId)
    const limited = AbortSignal.any([signal, AbortSignal.timeout(fetchTimeoutMs)])
    const result =
      (await inbox.session.fetchMedia?.(source, limited)) ??
      ({ status: 'failed', retryable: false, detail: 'The channel has no media.' } as const)
    if (result.status !== 'ready') return result
    const head: { bytes: Uint8Array } = { bytes: new Uint8Array() }
    const blob = await ctx.blobs.put(keepHead(result.body, head), { maxBytes })
    if (result.bytes !== null && result.bytes !== blob.bytes) {
      await ctx.blobs.delete(blob.key)
      return { status: 'failed', retryable: true, detail: `Got ${blob.bytes} of ${result.bytes} bytes.` }
    }
    const sniffed = await fileTypeFromBuffer(head.bytes)
    const mime = sniffed?.mime ?? 'application/octet-stream'
    await scan(ctx, blob, mime).catch(async (error: unknown) => {
      await ctx.blobs.delete(blob.key)
      throw error
    })
    return { status: 'stored', blob, mime }
  } catch (error) {
    ctx.log.warn({ err: error, fileId: file.id }, 'fetching a medium failed')
    const refused = error instanceof AppError && (error.kind === 'too_large' || error.kind === 'invalid_input')
    return { status: 'failed', retryable: !refused, detail: refused ? error.message : 'The download broke off, or could not be checked.' }
  }
}

/** Passes the bytes on and keeps the first of them, to tell the type by. */
async function* keepHead(body: AsyncIterable<Uint8Array>, head: { bytes: Uint8Array }): AsyncIterable<Uint8Array> {
  for await (const chunk of body) {
    if (head.bytes.length < sniffBytes) head.bytes = Buffer.concat([head.bytes, chunk.subarray(0, sniffBytes - head.bytes.length)])
    yield chunk
  }
}

async function settle(ctx: ServiceContext, file: FileRow, outcome: Outcome): Promise<void> {
  const now = ctx.clock.now()
  const attempts = file.attempts + 1
  const kept = await ctx.store.tx(async (tx) => {
    const changes = changesOf(file, outcome, attempts, now)
    const { files } = tx.t
    const written = await tx.db
      .update(files)
      .set({ ...changes, attempts })
      .where(and(eq(files.id, file.id), eq(files.state, 'pending')))
      .returning({ id: files.id })
    if (written.length === 0) return false
    if (changes.nextAttemptAt === null) await showInMessage(tx, { ...file, ...changes }, now)
    else {
      const delayMs = (changes.nextAttemptAt ?? now) - now
      tx.afterCommit(() => void ctx.jobs.add('file.fetch', { fileId: file.id }, { key: file.id, delayMs }).catch(() => undefined))
    }
    return true
  })
  // Taken back, or fetched by another worker, while the bytes were on their way: they must not stay.
  if (!kept && outcome.status === 'stored') await ctx.blobs.delete(outcome.blob.key)
}

function changesOf(file: FileRow, outcome: Outcome, attempts: number, now: number): Partial<FileRow> {
  const given: Partial<FileRow> = { state: 'failed', nextAttemptAt: null, source: null }
  switch (outcome.status) {
    case 'stored':
      return {
        state: 'ready',
        blobKey: outcome.blob.key,
        bytes: outcome.blob.bytes,
        sha256: outcome.blob.sha256,
        mime: outcome.mime,
        nextAttemptAt: null,
        source: null,
      }
    case 'preparing': {
      if (now - file.createdAt >= prepareForMs) return given
      return { nextAttemptAt: now + (outcome.afterMs ?? preparingMs[Math.min(attempts, preparingMs.length) - 1] ?? 0) }
    }
    case 'gone':
      return { state: 'gone', nextAttemptAt: null, source: null }
    case 'failed':
      if (!outcome.retryable || (attempts >= maxAttempts && now - file.createdAt >= prepareForMs)) return given
      return { nextAttemptAt: now + retryDelayMs(providerBackOff, attempts, Math.random()) }
  }
}

/** Writes what became of the file into the message that carries it. */
async function showInMessage(tx: Tx, file: FileRow, now: number): Promise<void> {
  if (file.messageId === null) return
  const [message] = await messageById(tx, { id: file.messageId })
  if (message === undefined || message.unsentAt !== null) return
  const { state, mime, bytes } = file
  // What the bytes are decides the bubble, not what the provider called it.
  const ready = state === 'ready' ? { mime, bytes, kind: mediaKindOf(mime) } : {}
  const parts = message.parts.map((part) => (part.type === 'media' && part.fileId === file.id ? { ...part, ...ready, state } : part))
  await tx.db.update(tx.t.messages).set({ parts }).where(eq(tx.t.messages.id, message.id))
  tx.append({
    type: 'message.changed',
    at: now,
    actorType: 'system',
    actorId: 'files',
    conversationId: message.conversationId,
    subjectId: message.id,
    data: { what: 'media', state },
  })
}
