import { AppError } from '../lib/errors.ts'
import type { RunCommand } from './command.ts'
import { withStore } from './with-store.ts'

/** Writes a consistent copy of a SQLite database; work may go on meanwhile. */
export const run: RunCommand = async ({ args, env, print }) => {
  const [file] = args
  if (file === undefined) throw new AppError('invalid_input', 'Name the file to write: backup FILE.')
  await withStore(env, (store) => store.backup(file))
  print(`Wrote ${file}.`)
  return 0
}
