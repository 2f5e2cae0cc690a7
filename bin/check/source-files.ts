import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

const skipped = new Set(['node_modules', 'dist', '.cache', 'fixtures', 'migrations', 'coverage', 'data', 'public'])

/**
 * Paths of files below some folders, from the working directory, in order of name. A folder that is
 * missing is an error: a check that finds nothing to check must not pass.
 */
export async function sourceFiles(folders: readonly string[], named: RegExp): Promise<string[]> {
  const found: string[] = []
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isDirectory() && !skipped.has(entry.name)) await walk(path)
      else if (entry.isFile() && named.test(entry.name)) found.push(path)
    }
  }
  for (const folder of folders) await walk(folder)
  return found.toSorted()
}
