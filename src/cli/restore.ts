import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSystemClock } from '../adapters/clock-system.ts'
import { readConfig } from '../config.ts'
import { AppError } from '../lib/errors.ts'
import { restoreBackup } from './backup/restore-backup.ts'
import type { RunCommand } from './command.ts'
import { readOptions } from './options.ts'

/** Puts a backup into an empty DATA_DIR, or with `--verify` into a temporary folder, which is the drill without the restore. */
export const run: RunCommand = async ({ args, env, print }) => {
  const { flags, rest } = readOptions(args, { flags: ['verify'] })
  const [file] = rest
  if (file === undefined) throw new AppError('invalid_input', 'Name the backup: restore FILE [--verify].')
  const config = readConfig(env)
  if (flags.verify !== true && config.databaseUrl !== `file:${config.dataDir}/onequeue.db`) {
    throw new AppError('invalid_input', 'Unset DATABASE_URL: a backup is restored into DATA_DIR (PostgreSQL has pg_restore).')
  }
  const folder = flags.verify === true ? await mkdtemp(join(tmpdir(), 'onequeue-restore-')) : config.dataDir
  try {
    const checks = await restoreBackup(file, folder, createSystemClock().now())
    for (const { what, faults } of checks) {
      print(`${faults.length === 0 ? '✓' : '✗'} ${what}`)
      for (const fault of faults) print(`    ${fault}`)
    }
    const good = checks.every(({ faults }) => faults.length === 0)
    if (!good) print('The backup is damaged; nothing was restored.')
    else print(flags.verify === true ? 'The backup can be restored.' : `Restored into ${folder}.`)
    return good ? 0 : 1
  } finally {
    if (flags.verify === true) await rm(folder, { recursive: true, force: true })
  }
}
