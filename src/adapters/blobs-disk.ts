import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { AppError } from '../lib/errors.ts'
import { newId } from '../lib/ids.ts'
import type { Blobs, OpenBlob, StoredBlob } from '../ports/blobs.ts'

/** Keys are ids of our making; nothing else ever becomes part of a path. */
const keyPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** Unfinished files of this age belong to no running upload, milliseconds. */
const orphanAgeMs = 86_400_000

/** Where the files lie, and the instant that tells unfinished files' age. */
export interface DiskBlobsOptions {
  readonly directory: string
  /** Epoch milliseconds. */
  readonly now: number
}

/**
 * Keeps files below `directory`, in folders named by the end of their key. A file is written and
 * synced under `incoming/`, then renamed, so a key never names half a file. Unfinished files of a
 * former day are removed here.
 */
export async function openDiskBlobs({ directory, now }: DiskBlobsOptions): Promise<Blobs> {
  const incoming = join(directory, 'incoming')
  await mkdir(incoming, { recursive: true, mode: 0o700 })
  await removeOrphans(incoming, now)
  return {
    put: (source, { maxBytes }) => put(directory, incoming, source, maxBytes),
    get: (key, range) => get(directory, key, range),
    delete: async (key) => {
      if (keyPattern.test(key)) await rm(pathOf(directory, key), { force: true })
    },
  }
}

function pathOf(directory: string, key: string): string {
  return join(directory, key.slice(-2), key)
}

async function put(directory: string, incoming: string, source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StoredBlob> {
  const key = newId()
  const unfinished = join(incoming, key)
  const target = pathOf(directory, key)
  try {
    const { bytes, sha256 } = await writeDurably(unfinished, source, maxBytes)
    await onDisk(mkdir(dirname(target), { recursive: true, mode: 0o700 }))
    await onDisk(rename(unfinished, target))
    await onDisk(syncDirectory(dirname(target)))
    await onDisk(syncDirectory(directory))
    return { key, bytes, sha256 }
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined)
    throw error
  }
}

async function writeDurably(path: string, source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<{ bytes: number; sha256: string }> {
  const file = await onDisk(open(path, 'wx', 0o600))
  const hash = createHash('sha256')
  let bytes = 0
  try {
    for await (const chunk of source) {
      bytes += chunk.byteLength
      if (bytes > maxBytes) throw new AppError('too_large', `The file is larger than ${maxBytes} bytes.`, { maxBytes })
      hash.update(chunk)
      await onDisk(writeAll(file, chunk))
    }
    await onDisk(file.sync())
  } finally {
    await file.close()
  }
  return { bytes, sha256: hash.digest('hex') }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let from = 0; from < chunk.byteLength; ) {
    const { bytesWritten } = await file.write(chunk, from)
    from += bytesWritten
  }
}

async function get(directory: string, key: string, asked?: { start: number; end?: number }): Promise<OpenBlob> {
  if (!keyPattern.test(key)) throw missing(key)
  const path = pathOf(directory, key)
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw isMissing(cause) ? missing(key) : diskError(cause)
  })
  try {
    const { size } = await file.stat()
    const range = { start: asked?.start ?? 0, end: Math.min(asked?.end ?? size - 1, size - 1) }
    if (asked && (asked.start < 0 || asked.start >= size || range.end < asked.start)) {
      throw new AppError('invalid_input', 'The range lies outside the file.', { totalBytes: size })
    }
    if (size > 0) return { stream: file.createReadStream(range), totalBytes: size, range }
    await file.close()
    return { stream: Readable.from([]), totalBytes: 0, range: { start: 0, end: -1 } }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function removeOrphans(incoming: string, now: number): Promise<void> {
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: now }))
    if (now - mtimeMs > orphanAgeMs) await rm(path, { force: true })
  }
}

/** A rename survives a power loss only when its folder is synced. */
async function syncDirectory(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function onDisk<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    throw diskError(cause)
  }
}

function diskError(cause: unknown): AppError {
  return new AppError('unavailable', 'The file store does not work; check the disk of DATA_DIR.', {}, { cause })
}

function missing(key: string): AppError {
  return new AppError('not_found', 'There is no such file.', { key })
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
