import { link, open, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../src/lib/errors.ts'
import { newId } from '../src/lib/ids.ts'
import { SqliteWorkerThread } from './sqlite-worker-thread.ts'

/** Copies the committed data of `file` while it is in use, in a thread of its own. See `Store.backup`. */
export async function backUpFile(file: string, toFile: string): Promise<void> {
  await writeWhole(toFile, async (draftFile) => {
    const thread = new SqliteWorkerThread(file)
    try {
      await thread.ask({ do: 'backup', toFile: draftFile })
    } finally {
      await thread.stop()
    }
  })
}

/** Writes a serialised in-memory database. See `Store.backup`. */
export async function backUpMemory(image: Uint8Array, toFile: string): Promise<void> {
  await writeWhole(toFile, (draftFile) => writeFile(draftFile, image, { flag: 'wx', flush: true }))
}

/** Lets `write` make a draft beside `toFile` and gives it its name only when it is whole and on disk. */
async function writeWhole(toFile: string, write: (draftFile: string) => Promise<void>): Promise<void> {
  const draftFile = `${toFile}.${newId()}.part`
  try {
    await write(draftFile)
    // A link fails when the name is taken, where a rename would replace it.
    await link(draftFile, toFile)
    await syncFolder(dirname(toFile))
  } catch (error) {
    throw asBackupError(error, toFile)
  } finally {
    await rm(draftFile, { force: true })
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function asBackupError(error: unknown, toFile: string): unknown {
  if (error instanceof AppError) return error
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'EEXIST') return new AppError('conflict', `${toFile} exists already; a backup never replaces a file.`)
  return new AppError('unavailable', `The backup could not be written to ${toFile}.`, { code }, { cause: error })
}
