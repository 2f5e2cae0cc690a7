import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of the package's own folder, the same whether this runs from `src/` or from `dist/`. */
export const packageRoot: string = findPackageRoot(dirname(fileURLToPath(import.meta.url)))

function findPackageRoot(from: string): string {
  const manifest = join(from, 'package.json')
  if (existsSync(manifest)) {
    const parsed: unknown = JSON.parse(readFileSync(manifest, 'utf8'))
    if (typeof parsed === 'object' && parsed !== null && 'name' in parsed && parsed.name === 'onequeue') return from
  }
  const parent = dirname(from)
  if (parent === from) throw new Error('The package.json of onequeue is not above this file.')
  return findPackageRoot(parent)
}
