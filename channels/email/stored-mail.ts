import { z } from 'zod'
import { AppError } from '../../src/lib/errors.ts'
import type { ChannelKit, Inbound, MediaResult } from '../contract.ts'
import type { EmailConfig } from './config.ts'
import { readPayload, toInbound } from './inbound.ts'
import type { MailReader } from './parse-thread.ts'
import { type MailPayload, mailPayloadSchema } from './payload.ts'

/** How much older than the folder's bound a mail's own date may be: clocks and zones are wrong by up to a day. */
const dateSlackMs = 86_400_000

type Bytes = Pick<MailPayload, 'mime' | 'blob'>
type Files = Pick<ChannelKit, 'blobs'>

const sourceSchema = z.object({ index: z.number().int().min(0), blob: z.string().optional(), mime: mailPayloadSchema.shape.mime })

/**
 * Reads a mail of the ledger.
 * @throws AppError about the mail ('invalid_input', 'too_large'), or about the moment ('unavailable').
 */
export async function readStored(
  raw: string,
  reader: MailReader,
  context: { readonly config: EmailConfig; readonly kit: Files; readonly threadKey: Buffer },
): Promise<Inbound[]> {
  const payload = readPayload(raw)
  const document = await reader.read(await openBytes(payload, context.kit))
  const { sentAt } = document.headers
  if (payload.writtenAfter > 0 && sentAt !== null && sentAt < payload.writtenAfter - dateSlackMs) return []
  return toInbound(document, { ...context, payload })
}

/** The mail's bytes as they came. @throws AppError 'not_found' when they are not kept. */
export async function openSource(raw: string, kit: Files): Promise<AsyncIterable<Uint8Array>> {
  return openBytes(readPayload(raw), kit)
}

/** A file of a mail, out of the stored bytes. */
export async function fetchMedia(source: Readonly<Record<string, unknown>>, reader: MailReader, kit: Files): Promise<MediaResult> {
  const parsed = sourceSchema.safeParse(source)
  if (!parsed.success) return { status: 'failed', retryable: false, detail: 'The mail does not say where its file is.' }
  try {
    const bytes = await openBytes(parsed.data, kit)
    return { status: 'ready', body: reader.extract(bytes, parsed.data.index), bytes: null, mime: null }
  } catch (error) {
    if (error instanceof AppError && error.kind === 'not_found') return { status: 'gone' }
    throw error
  }
}

async function openBytes({ mime, blob }: Bytes, kit: Files): Promise<AsyncIterable<Uint8Array>> {
  if (blob !== undefined) return kit.blobs.get(blob)
  if (mime !== undefined) return oneChunk(Buffer.from(mime.text, mime.encoding))
  throw new AppError('not_found', 'The bytes of this mail are not kept.')
}

async function* oneChunk(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes
}
