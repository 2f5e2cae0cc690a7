import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openStore, type Store } from '../../../db/store.ts'
import { AppError } from '../../lib/errors.ts'
import { type CopiedFiles, copyFiles } from './copy-files.ts'
import { countRows, digestOf, filesPath, type Manifest, manifestPath, newestSeqOf } from './manifest.ts'

/**
 * Writes a consistent copy of a SQLite database to `file`, the attachments it names to `file-files/`, and last a manifest with
 * checksums to `file.json`: a backup without a manifest was cut off. Work may go on meanwhile; the copy is as of one instant.
 * @throws AppError 'conflict' when any of the three is there already, 'invalid_input' on PostgreSQL.
 */
export async function writeBackup(
  store: Store,
  dataDir: string,
  file: string,
  madeAt: number,
): Promise<{ manifest: Manifest; copied: CopiedFiles }> {
  for (const path of [manifestPath(file), filesPath(file)]) {
    if (existsSync(path)) throw new AppError('conflict', `${path} exists already; a backup never replaces a file.`)
  }
  await store.backup(file)
  const { copied, ...said } = await describe(file, join(dataDir, 'files'))
  const files = { count: copied.count, bytes: copied.bytes, missing: copied.missing.map(({ id }) => id) }
  // The digest comes after the last connection has let go of the copy.
  const manifest: Manifest = { format: 1, madeAt, database: await digestOf(file), ...said, files }
  await writeFile(manifestPath(file), `${JSON.stringify(manifest, null, 2)}\n`, { flag: 'wx', flush: true })
  return { manifest, copied }
}

async function describe(file: string, fromFolder: string): Promise<Pick<Manifest, 'newestSeq' | 'rows'> & { copied: CopiedFiles }> {
  const copy = await openStore({ url: `file:${file}` })
  try {
    const copied = await copyFiles(copy, fromFolder, filesPath(file))
    return { copied, newestSeq: await newestSeqOf(copy), rows: await countRows(copy) }
  } finally {
    await copy.close()
  }
}
