import { constants, existsSync } from 'node:fs'
import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { migrate } from '../../../db/migrate.ts'
import { openStore, type Store } from '../../../db/store.ts'
import { openDiskBlobs } from '../../adapters/blobs-disk.ts'
import { AppError } from '../../lib/errors.ts'
import { checkCounters } from '../../services/checkup/check-counters.ts'
import { copyFiles } from './copy-files.ts'
import { countRows, digestOf, filesPath, type Manifest, newestSeqOf, readManifest } from './manifest.ts'
import { faultOf, storedFiles } from './stored-files.ts'

/** One thing that was looked at. */
export interface Check {
  readonly what: string
  /** What is wrong, a sentence each; empty when all is well. */
  readonly faults: readonly string[]
}

/** Faults of one kind that are listed one by one. */
const listed = 20

/**
 * Puts a backup into an empty folder and looks at everything in it: the copy's checksum, the pages and references of the
 * database, the rows counted, the kept numbers, each attachment's bytes. The database is brought to this program's schema.
 * Nothing takes its final name unless all is well.
 * @param now epoch ms.
 * @throws AppError 'conflict' when the folder holds a database already, 'not_found' when the backup or its manifest is missing.
 */
export async function restoreBackup(file: string, dataDir: string, now: number): Promise<Check[]> {
  const target = join(dataDir, 'onequeue.db')
  const files = join(dataDir, 'files')
  for (const path of [target, files]) {
    if (existsSync(path)) throw new AppError('conflict', `${path} exists already; a backup is restored into an empty DATA_DIR only.`)
  }
  const manifest = await readManifest(file)
  const copyCheck = await checkCopy(file, manifest)
  if (copyCheck.faults.length > 0) return [copyCheck]
  await mkdir(dataDir, { recursive: true })
  const draft = `${target}.restoring`
  try {
    await copyFile(file, draft, constants.COPYFILE_FICLONE)
    const checks = [copyCheck, ...(await checkRestored(draft, file, files, manifest, now))]
    if (checks.every(({ faults }) => faults.length === 0)) await rename(draft, target)
    else await rm(files, { recursive: true, force: true })
    return checks
  } catch (error) {
    await rm(files, { recursive: true, force: true })
    throw error
  } finally {
    for (const end of ['', '-wal', '-shm']) await rm(draft + end, { force: true })
  }
}

async function checkCopy(file: string, manifest: Manifest): Promise<Check> {
  const digest = await digestOf(file).catch((cause: unknown) => {
    throw new AppError('not_found', `${file} cannot be read.`, {}, { cause })
  })
  const same = digest.bytes === manifest.database.bytes && digest.sha256 === manifest.database.sha256
  return { what: 'the copy is the one that was written', faults: same ? [] : [`${file} differs from its manifest.`] }
}

async function checkRestored(draft: string, file: string, filesFolder: string, manifest: Manifest, now: number): Promise<Check[]> {
  const store = await openStore({ url: `file:${draft}` })
  try {
    const pages = await checkPages(store)
    if (pages.faults.length > 0) return [pages]
    const rows = await checkRows(store, manifest)
    await migrate(store)
    const counters = { what: 'the kept numbers agree with the conversations', faults: (await checkCounters(store)).slice(0, listed) }
    await copyFiles(store, filesPath(file), filesFolder)
    return [pages, rows, counters, await checkFiles(store, filesFolder, manifest, now)]
  } finally {
    await store.close()
  }
}

/** SQLite's own look at every page and index; the references are checked where `maintain` ends. */
async function checkPages(store: Store): Promise<Check> {
  const what = 'the database is whole and its references hold'
  try {
    const answers = await store.maintain((connection) => connection.execute(`pragma integrity_check(${listed})`))
    return {
      what,
      faults: answers
        .flat()
        .map(String)
        .filter((answer) => answer !== 'ok'),
    }
  } catch (error) {
    return { what, faults: [error instanceof Error ? error.message : String(error)] }
  }
}

async function checkRows(store: Store, manifest: Manifest): Promise<Check> {
  const found: Record<string, number> = { ...(await countRows(store)), 'newest event': await newestSeqOf(store) }
  const said: Record<string, number> = { ...manifest.rows, 'newest event': manifest.newestSeq }
  const faults = Object.entries(said)
    .filter(([name, count]) => found[name] !== count)
    .map(([name, count]) => `${name}: ${found[name] ?? 'none'} instead of ${count}.`)
  return { what: 'nothing is missing since the backup was made', faults }
}

async function checkFiles(store: Store, folder: string, { files }: Manifest, now: number): Promise<Check> {
  const blobs = await openDiskBlobs({ directory: folder, now })
  const faults: string[] = []
  const erased = new Set(files.missing)
  for await (const stored of storedFiles(store)) {
    if (erased.has(stored.id)) continue
    const fault = await faultOf(blobs, stored)
    if (fault !== null && faults.length < listed) faults.push(`The file "${stored.name}" (${stored.id}) ${fault}.`)
  }
  return { what: 'every attachment has its bytes', faults }
}
