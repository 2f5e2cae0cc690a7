import { createHash } from 'node:crypto'
import { and, asc, eq, gt, isNotNull } from 'drizzle-orm'
import type { Store } from '../../../db/store.ts'
import type { Blobs } from '../../ports/blobs.ts'

/** An attachment whose bytes are kept. */
export interface StoredFile {
  readonly id: string
  readonly blobKey: string
  readonly name: string
  readonly bytes: number
  readonly sha256: string | null
}

const pageSize = 500

/** Every attachment that the database says is here, in the order of its making. */
export async function* storedFiles(store: Store): AsyncGenerator<StoredFile> {
  const { files: f } = store.t
  for (let after = ''; ; ) {
    const page = await store.db
      .select({ id: f.id, blobKey: f.blobKey, name: f.name, bytes: f.bytes, sha256: f.sha256 })
      .from(f)
      .where(and(gt(f.id, after), eq(f.state, 'ready'), isNotNull(f.blobKey)))
      .orderBy(asc(f.id))
      .limit(pageSize)
    for (const { blobKey, ...file } of page) if (blobKey !== null) yield { ...file, blobKey }
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) return
    after = last.id
  }
}

/** What is wrong with a file's bytes, as the end of a sentence; null when they are what the database says. */
export async function faultOf(blobs: Blobs, file: StoredFile): Promise<string | null> {
  const opened = await blobs.get(file.blobKey).catch(() => null)
  if (opened === null) return 'is missing'
  const hash = createHash('sha256')
  let bytes = 0
  try {
    for await (const chunk of opened.stream) {
      const part = chunk as Buffer
      hash.update(part)
      bytes += part.byteLength
    }
  } catch {
    return 'cannot be read'
  }
  if (bytes !== file.bytes) return `has ${bytes} bytes instead of ${file.bytes}`
  if (file.sha256 !== null && hash.digest('hex') !== file.sha256) return 'has another content than the one stored'
  return null
}
