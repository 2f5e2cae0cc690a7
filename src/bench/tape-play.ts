import { copyFileSync, rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { Tape } from './tape-statements.ts'

/**
 * Runs a tape on a copy of the database it was recorded on, by bare better-sqlite3 with the hub's durability.
 * @returns how long the statements took, milliseconds.
 * @throws the driver's SqliteError when a statement ends otherwise than when it was recorded.
 */
export function playTape({ texts, steps }: Tape, before: string, file: string): number {
  copyFileSync(before, file)
  const database = new Database(file)
  try {
    for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON', 'temp_store = MEMORY']) database.pragma(pragma)
    const statements = texts.map((text) => {
      const statement = database.prepare(text)
      return statement.reader ? statement.raw(true) : statement
    })
    const startMs = performance.now()
    for (const { text, values } of steps) {
      const statement = statements[text]
      if (statement === undefined) continue
      if (statement.reader) statement.all(...values)
      else statement.run(...values)
    }
    return performance.now() - startMs
  } finally {
    database.close()
    for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true })
  }
}
