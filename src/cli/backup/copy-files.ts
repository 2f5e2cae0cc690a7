import { constants } from 'node:fs'
import { copyFile, mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Store } from '../../../db/store.ts'
import { type StoredFile, storedFiles } from './stored-files.ts'

/** What was copied, and what could not be found. */
export interface CopiedFiles {
  readonly count: number
  readonly bytes: number
  /** Files taken back or erased while the copy was made. */
  readonly missing: readonly Pick<StoredFile, 'id' | 'name'>[]
}

/**
 * Copies every attachment that a database names from one file folder to another, each synced to disk; where the file system
 * can, without doubling the bytes. A file erased since the database was copied is named, not an error.
 */
export async function copyFiles(store: Store, fromFolder: string, toFolder: string): Promise<CopiedFiles> {
  const missing: Pick<StoredFile, 'id' | 'name'>[] = []
  let count = 0
  let bytes = 0
  await mkdir(toFolder, { recursive: true, mode: 0o700 })
  for await (const file of storedFiles(store)) {
    const path = join(file.blobKey.slice(-2), file.blobKey)
    const target = join(toFolder, path)
    await mkdir(dirname(target), { recursive: true, mode: 0o700 })
    try {
      await copyFile(join(fromFolder, path), target, constants.COPYFILE_FICLONE)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
      missing.push({ id: file.id, name: file.name })
      continue
    }
    await syncFile(target)
    count += 1
    bytes += file.bytes
  }
  return { count, bytes, missing }
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
