import type { Readable } from 'node:stream'

/** A stored file. */
export interface StoredBlob {
  /** Opaque name made by the store; safe in URLs and file names. */
  readonly key: string
  readonly bytes: number
  /** Lower-case hex of the content's SHA-256. */
  readonly sha256: string
}

/** A part of a file: both ends are counted from 0 and included, as in RFC 9110 §14.1.2. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** An opened file. The stream must be consumed or destroyed. */
export interface OpenBlob {
  readonly stream: Readable
  /** Size of the whole file, not of the range. */
  readonly totalBytes: number
  /** The range that the stream carries, cut to the file's end; the whole file when none was asked; `end` is -1 for an empty file. */
  readonly range: ByteRange
}

/** Keeps files outside the database, under names of its own making. */
export interface Blobs {
  /**
   * Stores the whole stream durably, or nothing.
   * @param options.maxBytes the most to accept; what comes above it is not read.
   * @throws AppError 'too_large'; 'unavailable' when the disk is full or fails; the source's own error.
   */
  put(source: AsyncIterable<Uint8Array>, options: { readonly maxBytes: number }): Promise<StoredBlob>
  /**
   * Opens a file, or a part of it.
   * @throws AppError 'not_found'; 'invalid_input' when the range starts after the file's end.
   */
  get(key: string, range?: { readonly start: number; readonly end?: number }): Promise<OpenBlob>
  /** Removes a file; a missing one is no error. */
  delete(key: string): Promise<void>
}
