import { eq } from 'drizzle-orm'
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

/** The largest medium a provider may give us. */
const maxBytes = 300 * 1024 * 1024
const fetchTimeoutMs = 300_000
/** Providers prepare large media for minutes; after so many attempts it has failed. */
const maxAttempts = 12
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
    return { status: 'stored', blob, mime: sniffed?.mime ?? 'application/octet-stream' }
  } catch (error) {
    ctx.log.warn({ err: error, fileId: file.id }, 'fetching a medium failed')
    const tooLarge = error instanceof AppError && error.kind === 'too_large'
    return { status: 'failed', retryable: !tooLarge, detail: tooLarge ? 'The file is too large.' : 'The download broke off.' }
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
  await ctx.store.tx(async (tx) => {
    const changes = changesOf(outcome, attempts, now)
    await tx.db
      .update(tx.t.files)
      .set({ ...changes, attempts })
      .where(eq(tx.t.files.id, file.id))
    if (changes.nextAttemptAt === null) await showInMessage(tx, { ...file, ...changes }, now)
    else {
      const delayMs = (changes.nextAttemptAt ?? now) - now
      tx.afterCommit(() => void ctx.jobs.add('file.fetch', { fileId: file.id }, { key: file.id, delayMs }).catch(() => undefined))
    }
  })
}

function changesOf(outcome: Outcome, attempts: number, now: number): Partial<FileRow> {
  const later = (delayMs: number): Partial<FileRow> =>
    attempts >= maxAttempts ? { state: 'failed', nextAttemptAt: null, source: null } : { nextAttemptAt: now + delayMs }
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
    case 'preparing':
      return later(outcome.afterMs)
    case 'gone':
      return { state: 'gone', nextAttemptAt: null, source: null }
    case 'failed':
      return outcome.retryable
        ? later(retryDelayMs(providerBackOff, attempts, Math.random()))
        : { state: 'failed', nextAttemptAt: null, source: null }
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
