import { createSystemClock } from '../adapters/clock-system.ts'
import { AppError } from '../lib/errors.ts'
import { writeBackup } from './backup/write-backup.ts'
import type { RunCommand } from './command.ts'
import { withStore } from './with-store.ts'

/** Writes a consistent copy of a SQLite database with its attachments and a manifest; work may go on meanwhile. */
export const run: RunCommand = async ({ args, env, print }) => {
  const [file] = args
  if (file === undefined) throw new AppError('invalid_input', 'Name the file to write: backup FILE.')
  return withStore(env, async (store, config) => {
    const { manifest, copied } = await writeBackup(store, config.dataDir, file, createSystemClock().now())
    print(`Wrote ${file} with ${manifest.rows['messages'] ?? 0} messages, and ${copied.count} attachments beside it.`)
    for (const { name } of copied.missing) print(`The file "${name}" was erased meanwhile and is not in the backup.`)
    return 0
  })
}
