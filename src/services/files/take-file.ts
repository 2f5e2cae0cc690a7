import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import exifBeGone from 'exif-be-gone'
import { fileTypeFromBuffer } from 'file-type'
import { imageSize } from 'image-size'
import { AppError } from '../../lib/errors.ts'
import type { StoredBlob } from '../../ports/blobs.ts'
import type { ServiceContext } from '../context.ts'
import { orientationTag } from './orientation.ts'

/** Bytes that type, size and orientation can be told from; a JPEG's own thumbnail may stand before its size. */
const headBytes = 128 * 1024
/** Enough to tell a type from; file-type's recommendation. */
const sniffBytes = 4_100
/** A picture of more would take hundreds of megabytes to show. */
const maxPixels = 100_000_000

/** Pictures whose hidden facts (place, camera, owner) are taken out. */
const strippable = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/tiff'])
/** Pictures that browsers decode, so that their pixels count. */
const measured = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif', 'image/bmp', 'image/tiff'])

// The package is CommonJS whose export is the class itself; its types speak of a default export that is not there.
const ExifTransformer = exifBeGone as unknown as new () => Transform

/** A file that may be shown: stored, its type told by its bytes, and found clean. */
export interface TakenFile {
  readonly blob: StoredBlob
  readonly mime: string
}

/** What is taken and how. */
export interface Taking {
  readonly maxBytes: number
  /** Takes what tells of its owner out of pictures. */
  readonly stripPrivate: boolean
}

/**
 * Stores a file while it arrives and holds it back until it is known what it is and the scanner, where there is one, has found
 * it clean. Nobody can name the file before: what is refused, or cannot be judged, is removed again.
 * @throws AppError 'too_large'; 'invalid_input' with code `empty_file`, `too_many_pixels` or `file_blocked`; 'unavailable' when it
 *   cannot be stored or the scanner does not answer.
 */
export async function takeFile(ctx: ServiceContext, bytes: AsyncIterable<Uint8Array>, taking: Taking): Promise<TakenFile> {
  const { head, all } = await peek(bytes)
  if (head.byteLength === 0)
    throw new AppError('invalid_input', 'The file is empty.', { code: 'empty_file', fields: [{ path: 'file', message: 'is empty' }] })
  const mime = (await fileTypeFromBuffer(head.subarray(0, sniffBytes)))?.mime ?? 'application/octet-stream'
  refusePixels(mime, head)
  const blob = await store(ctx, all, taking, mime, head)
  try {
    await scan(ctx, blob, mime)
    return { blob, mime }
  } catch (error) {
    await ctx.blobs.delete(blob.key)
    throw error
  }
}

/** Scans what is stored. @throws AppError 'invalid_input' with code `file_blocked`; 'unavailable'; 'too_large'. */
export async function scan(ctx: ServiceContext, blob: StoredBlob, mime: string): Promise<void> {
  if (ctx.scanner === undefined) return
  const { stream } = await ctx.blobs.get(blob.key)
  const verdict = await ctx.scanner.scan(stream, { bytes: blob.bytes, mime })
  if (verdict.clean) return
  ctx.log.warn({ reason: verdict.reason, sha256: blob.sha256, bytes: blob.bytes }, 'a file was blocked')
  throw new AppError('invalid_input', 'This file was found to be harmful and is not taken.', { code: 'file_blocked' })
}

async function store(
  ctx: ServiceContext,
  bytes: AsyncIterable<Uint8Array>,
  { maxBytes, stripPrivate }: Taking,
  mime: string,
  head: Buffer,
) {
  if (!stripPrivate || !strippable.has(mime)) return ctx.blobs.put(bytes, { maxBytes })
  let stored: StoredBlob | undefined
  await pipeline(Readable.from(bytes, { objectMode: false }), new ExifTransformer(), async (clean: AsyncIterable<Buffer>) => {
    stored = await ctx.blobs.put(mime === 'image/jpeg' ? upright(clean, head) : clean, { maxBytes })
  })
  if (stored === undefined) throw new AppError('bug', 'The store has not answered.')
  return stored
}

/** A photograph keeps the one fact that it is shown by: which side is up. It stands right behind the first two bytes. */
async function* upright(bytes: AsyncIterable<Buffer>, head: Buffer): AsyncGenerator<Buffer> {
  const tag = orientationTag(orientationOf(head))
  let first = tag !== null
  for await (const chunk of bytes) {
    if (!first || tag === null || chunk.byteLength < 2) {
      yield chunk
      continue
    }
    first = false
    yield chunk.subarray(0, 2)
    yield tag
    yield chunk.subarray(2)
  }
}

function orientationOf(head: Buffer): number {
  try {
    return imageSize(head).orientation ?? 1
  } catch {
    return 1
  }
}

/** Refuses what says of itself that it is too large to be shown; a picture that does not say so early is shown by nobody's program. */
function refusePixels(mime: string, head: Buffer): void {
  if (!measured.has(mime)) return
  const size = sizeOf(head)
  if (size !== null && size.width * size.height > maxPixels)
    throw new AppError('invalid_input', 'The picture has too many pixels.', { code: 'too_many_pixels', maxPixels })
}

function sizeOf(head: Buffer): { readonly width: number; readonly height: number } | null {
  try {
    return imageSize(head)
  } catch {
    return null
  }
}

/** Reads the beginning without losing it. */
async function peek(bytes: AsyncIterable<Uint8Array>): Promise<{ head: Buffer; all: AsyncIterable<Uint8Array> }> {
  const rest = bytes[Symbol.asyncIterator]()
  const chunks: Uint8Array[] = []
  let known = 0
  while (known < headBytes) {
    const next = await rest.next()
    if (next.done === true) break
    chunks.push(next.value)
    known += next.value.byteLength
  }
  const all = async function* () {
    yield* chunks.splice(0)
    yield* { [Symbol.asyncIterator]: () => rest }
  }
  return { head: Buffer.concat(chunks).subarray(0, headBytes), all: all() }
}
